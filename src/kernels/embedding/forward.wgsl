// x[r] = table[ids[r] − first] where that row lies in the table at hand, a part of the whole one. Other rows of x stay.
override ROW_LANES = 1u;
override ROWS_PER_GROUP = 64u;

@group(0) @binding(1) var<storage, read> ids: array<u32>;

@compute @workgroup_size(ROW_LANES, ROWS_PER_GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local.y;
  if (row >= u.rows) { return; }
  // Below first the difference wraps round, and so lies beyond the end too.
  let source = min(ids[row], u.vocab - 1) - u.first;
  if (source >= u.height) { return; }
  for (var quad = local.x; quad < (u.width + 3) / 4; quad += ROW_LANES) {
    x_put(row, quad, table_quad(source, quad), false);
  }
}
