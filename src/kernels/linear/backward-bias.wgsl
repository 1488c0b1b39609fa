// dBias[o] = (accumulate ? dBias[o] : 0) + Σ_r dy[r, o]. LANES invocations share the rows of a column and add up in a fixed order.
override LANES = 16u;
override COLUMNS = 16u;
var<workgroup> sums: array<f32, 256>;

@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read_write> dBias: array<f32>;

@compute @workgroup_size(COLUMNS, LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = group.x * COLUMNS + local.x;
  let source = min(column, u.outDim - 1);
  var sum = 0.0;
  for (var row = local.y; row < u.rows; row += LANES) { sum += dy[row * u.outDim + source]; }
  if (LANES > 1) {
    sums[local.x * LANES + local.y] = sum;
    workgroupBarrier();
    sum = 0.0;
    for (var lane = 0u; lane < LANES; lane++) { sum += sums[local.x * LANES + lane]; }
  }
  if (local.y == 0 && column < u.outDim) { dBias[column] = sum + select(0.0, dBias[column], u.accumulate != 0); }
}
