@group(0) @binding(0) var<storage, read> partials: array<V>;
@group(0) @binding(1) var<storage, read_write> d_gain: array<V>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  if (column >= u.width) {
    return;
  }
  var sum = V();
  for (var chunk = 0u; chunk < u.chunks; chunk++) {
    sum += partials[chunk * u.width + column];
  }
  d_gain[column] += sum;
}
