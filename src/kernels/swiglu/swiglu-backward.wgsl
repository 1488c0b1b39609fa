@group(0) @binding(0) var<storage, read_write> gate: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> up: array<vec4f>;
@group(0) @binding(2) var<storage, read> d_out: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let lanes = groups.x * groups.y * 64u;
  for (var i = (group.y * groups.x + group.x) * 64u + lane; i * 4u < u.length; i += lanes) {
    let g = gate[i];
    let d = d_out[i];
    let s = sigmoid(g);
    let d_gate = d * up[i] * s * (1.0 + g * (1.0 - s));
    let d_up = d * g * s;
    if (i * 4u + 4u <= u.length) {
      gate[i] = d_gate;
      up[i] = d_up;
    } else {
      for (var c = 0u; i * 4u + c < u.length; c++) {
        gate[i][c] = d_gate[c];
        up[i][c] = d_up[c];
      }
    }
  }
}
