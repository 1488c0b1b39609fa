@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read> row_index: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<V>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let row = i / u.width;
  if (row >= u.rows) {
    return;
  }
  y[i] = x[row_index[row] * u.width + i % u.width];
}
