// dW[o, i] = (accumulate ? dW[o, i] : 0) + scale · Σ_r dy[r, o] x[r, i]
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> dWeight: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = (group.y + group.z * u.stride) * 8 + local.y;
  let col = group.x * 8 + local.x;
  if (row >= u.outDim || col >= u.inDim) { return; }
  var sum = 0.0;
  for (var r = 0u; r < u.rows; r++) { sum += dy[r * u.outDim + row] * x[r * u.inDim + col]; }
  sum *= u.scale;
  let at = row * u.inDim + col;
  if (u.accumulate != 0) { sum += dWeight[at]; }
  dWeight[at] = sum;
}
