// y[r, o] = (accumulate ? y[r, o] : 0) + scale · Σ_i x[r, i] W[o, i] + bias[o]
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = (group.y + group.z * u.stride) * 8 + local.y;
  let col = group.x * 8 + local.x;
  if (row >= u.rows || col >= u.outDim) { return; }
  var sum = 0.0;
  for (var i = 0u; i < u.inDim; i++) { sum += x[row * u.inDim + i] * weight[col * u.inDim + i]; }
  sum *= u.scale;
  if (u.hasBias != 0) { sum += bias[col]; }
  let at = row * u.outDim + col;
  if (u.accumulate != 0) { sum += y[at]; }
  y[at] = sum;
}
