// The four words that gradientNorm writes.
struct Clip {
  norm: f32,
  scale: f32,
  non_finite: u32,
  unused: u32,
}

@group(0) @binding(0) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(1) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> v: array<vec4f>;
@group(0) @binding(4) var<storage, read> clip: Clip;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  if (clip.non_finite != 0u) {
    return;
  }
  let lanes = groups.x * groups.y * 64u;
  for (var i = (group.y * groups.x + group.x) * 64u + lane; i * 4u < u.length; i += lanes) {
    let g = gradients[i] * clip.scale;
    let m_next = u.beta1 * m[i] + u.one_minus_beta1 * g;
    let v_next = u.beta2 * v[i] + u.one_minus_beta2 * g * g;
    let denominator = sqrt(v_next) * u.inverse_root2 + u.epsilon;
    let next = parameters[i] * u.decay - u.step_size * m_next / denominator;
    if (i * 4u + 4u <= u.length) {
      parameters[i] = next;
      m[i] = m_next;
      v[i] = v_next;
    } else {
      for (var c = 0u; i * 4u + c < u.length; c++) {
        parameters[i][c] = next[c];
        m[i][c] = m_next[c];
        v[i][c] = v_next[c];
      }
    }
  }
}
