@group(0) @binding(0) var<storage, read> gate: array<vec4f>;
@group(0) @binding(1) var<storage, read> up: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let lanes = groups.x * groups.y * 64u;
  for (var i = (group.y * groups.x + group.x) * 64u + lane; i * 4u < u.length; i += lanes) {
    let g = gate[i];
    let value = g * sigmoid(g) * up[i];
    if (i * 4u + 4u <= u.length) {
      out[i] = value;
    } else {
      for (var c = 0u; i * 4u + c < u.length; c++) {
        out[i][c] = value[c];
      }
    }
  }
}
