// dx[r, i] = (accumulate ? dx[r, i] : 0) + scale · Σ_o dy[r, o] W[o, i]
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = (group.y + group.z * u.stride) * 8 + local.y;
  let col = group.x * 8 + local.x;
  if (row >= u.rows || col >= u.inDim) { return; }
  var sum = 0.0;
  for (var o = 0u; o < u.outDim; o++) { sum += dy[row * u.outDim + o] * weight[o * u.inDim + col]; }
  sum *= u.scale;
  let at = row * u.inDim + col;
  if (u.accumulate != 0) { sum += dx[at]; }
  dx[at] = sum;
}
