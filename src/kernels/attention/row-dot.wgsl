// delta[i, h] = Σ_d out[i, h, d] · dOut[i, h, d]. The kernel for keys and values has no binding left for the log-sum-exp: its pair
// (logSumExp · log2 e, delta) goes into the first two elements of the query's row of dq, which dq's own kernel overwrites last.
@group(0) @binding(0) var<storage, read> result: array<Element>;
@group(0) @binding(1) var<storage, read> dResult: array<Element>;
@group(0) @binding(2) var<storage, read> logSumExp: array<f32>;
@group(0) @binding(3) var<storage, read_write> delta: array<f32>;
@group(0) @binding(4) var<storage, read_write> pairs: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= u.rows * u.heads) { return; }
  var sum = 0.0;
  for (var d = 0u; d < VECTORS; d++) { sum += inner(result[index * VECTORS + d], dResult[index * VECTORS + d]); }
  delta[index] = sum;
  pairs[index * u.headDim] = logSumExp[index] * LOG2E;
  pairs[index * u.headDim + 1u] = sum;
}
