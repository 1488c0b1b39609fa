@group(0) @binding(0) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> partials: array<Squares>;

@compute @workgroup_size(ROW_LANES, ROWS_PER_GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let part = group.x * ROWS_PER_GROUP + local.y;
  let first = part * u.part_vectors;
  let vectors = (u.length + 3u) / 4u;
  let last = min(first + u.part_vectors, vectors);
  var small = vec4f();
  var large = vec4f();
  var counts = vec4u();
  for (var i = first + local.x; i < last; i += ROW_LANES) {
    var g = gradients[i];
    // What follows the end may be another tensor, or nothing that was ever written.
    let rest = u.length - i * 4u;
    if (rest < 4u) {
      g = select(vec4f(), g, vec4u(0u, 1u, 2u, 3u) < vec4u(rest));
    }
    // By the bits: compilers may assume that comparisons never meet a NaN.
    let bits = bitcast<vec4u>(g) & vec4u(0x7fffffffu);
    let broken = bits >= vec4u(0x7f800000u);
    counts += select(vec4u(), vec4u(1u), broken);
    let is_large = bits > vec4u(bitcast<u32>(LARGE));
    let a = select(g, vec4f(), broken | is_large);
    let b = select(vec4f(), g, is_large & !broken) * SHRINK;
    small += a * a;
    large += b * b;
  }
  let total = lanes_total(Squares(
    (small.x + small.y) + (small.z + small.w),
    (large.x + large.y) + (large.z + large.w),
    counts.x + counts.y + counts.z + counts.w,
    0u,
  ), local);
  if (local.x == 0u && part < u.parts) {
    partials[part] = total;
  }
}
