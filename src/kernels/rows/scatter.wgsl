override ROW_LANES = 1u;
override ROWS_PER_GROUP = 64u;

@group(0) @binding(0) var<storage, read> y: array<V>;
@group(0) @binding(1) var<storage, read> row_index: array<u32>;
@group(0) @binding(2) var<storage, read_write> x: array<V>;

@compute @workgroup_size(ROW_LANES, ROWS_PER_GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local.y;
  // A stray index is dropped: clamped, it would overwrite the last row.
  if (row >= u.rows || row_index[row] >= u.total) {
    return;
  }
  let start = row_index[row] * u.width;
  for (var i = local.x; i < u.width; i += ROW_LANES) {
    x[start + i] = y[row * u.width + i];
  }
}
