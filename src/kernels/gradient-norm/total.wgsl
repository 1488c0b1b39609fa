@group(0) @binding(0) var<storage, read> partials: array<Squares>;
@group(0) @binding(1) var<storage, read_write> result: GradientNorm;

const MAX_F32 = 0x1.fffffep+127f;

@compute @workgroup_size(ROW_LANES, ROWS_PER_GROUP)
fn main(@builtin(local_invocation_id) local: vec3u) {
  var sum = Squares();
  for (var part = local.x; part < u.parts; part += ROW_LANES) {
    sum = add(sum, partials[part]);
  }
  sum = lanes_total(sum, local);
  if (local.x == 0u) {
    var norm = sqrt(sum.small);
    if (sum.large > 0.0) {
      let shrunk = sqrt(sum.large + sum.small * SHRINK * SHRINK);
      norm = min(shrunk, MAX_F32 * SHRINK) / SHRINK;
    }
    var scale = 1.0;
    if (u.max_norm > 0.0) {
      scale = min(1.0, u.max_norm / (norm + 1e-6));
    }
    result = GradientNorm(norm, select(0.0, scale, sum.count == 0u), sum.count, 0u);
  }
}
