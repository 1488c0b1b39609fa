// What gradientNorm leaves behind; count is the number of elements that are infinite or not a number.
struct GradientNorm {
  norm: f32,
  scale: f32,
  count: u32,
  unused: u32,
}

// Sum of squares in two parts, so that a large element does not overflow its square: those of elements up to LARGE, and
// those of the others, shrunk by SHRINK² first (after Blue 1978).
struct Squares {
  small: f32,
  large: f32,
  count: u32,
  unused: u32,
}

const LARGE = 0x1p+60f;
const SHRINK = 0x1p-60f;

override ROW_LANES = 1u;
override ROWS_PER_GROUP = 64u;

var<workgroup> lane_squares: array<Squares, ROW_LANES * ROWS_PER_GROUP>;

fn add(a: Squares, b: Squares) -> Squares {
  return Squares(a.small + b.small, a.large + b.large, a.count + b.count, 0u);
}

// Sum over the lanes of a row, in a fixed order; only the first lane learns it. Call it in uniform control flow.
fn lanes_total(value: Squares, local: vec3u) -> Squares {
  if (ROW_LANES == 1u) {
    return value;
  }
  let own = local.y * ROW_LANES + local.x;
  lane_squares[own] = value;
  workgroupBarrier();
  for (var half = ROW_LANES / 2u; half > 0u; half /= 2u) {
    if (local.x < half) {
      lane_squares[own] = add(lane_squares[own], lane_squares[own + half]);
    }
    workgroupBarrier();
  }
  return lane_squares[own];
}

