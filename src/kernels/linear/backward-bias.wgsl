// dBias[o] = (accumulate ? dBias[o] : 0) + Σ_r dy[r, o]
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read_write> dBias: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let col = id.x;
  if (col >= u.outDim) { return; }
  var sum = 0.0;
  for (var r = 0u; r < u.rows; r++) { sum += dy[r * u.outDim + col]; }
  if (u.accumulate != 0) { sum += dBias[col]; }
  dBias[col] = sum;
}
