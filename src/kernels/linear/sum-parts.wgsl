// dW = (accumulate ? dW : 0) + the sum of its parts, in their order.
@group(0) @binding(0) var<storage, read> partials: array<f32>;
@group(0) @binding(1) var<storage, read_write> dWeight: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = (group.y * groups.x + group.x) * 64 + lane;
  if (at >= u.count) { return; }
  var sum = select(0.0, dWeight[at], u.accumulate != 0);
  for (var part = 0u; part < u.parts; part++) { sum += partials[part * u.count + at]; }
  dWeight[at] = sum;
}
