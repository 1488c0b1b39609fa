// (x[i], x[i + half]) turned by direction · position · inverseFrequencies[i], in place, for each head of a row.
// An f32 angle at position 32,768 has lost 11 of its bits, and WGSL promises sin and cos only 2^-11 in [−π, π]. So the angle is
// a 0.64 fixed-point fraction of a turn, exact for the given f32 frequency, and sin and cos are series on an eighth of a turn.
@group(0) @binding(0) var<storage, read> position: array<u32>;
@group(0) @binding(1) var<storage, read> inverseFrequencies: array<f32>;
@group(0) @binding(2) var<storage, read_write> x: array<f32>;

// 1 / 2π = 0.15915494309189533577… in 0.64 fixed point.
const TURN_PER_RADIAN_HIGH = 0x28be60dbu;
const TURN_PER_RADIAN_LOW = 0x9391054au;
const RADIANS_PER_UNIT = 1.4629180792671596e-9; // 2π / 2^32

// The 64-bit product of two words: x low, y high.
fn multiply(a: u32, b: u32) -> vec2u {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let middle = ah * bl + ((al * bl) >> 16u);
  let carried = al * bh + (middle & 0xffffu);
  return vec2u(a * b, ah * bh + (middle >> 16u) + (carried >> 16u));
}

// The fraction of a turn, in units of 2^-32, that `frequency` radians make after `steps`: whole turns fall off the top.
fn turned(steps: u32, frequency: f32) -> u32 {
  let bits = bitcast<u32>(frequency);
  let exponent = (bits >> 23u) & 0xffu;
  if (exponent == 0u || exponent > 149u) { return 0u; }
  let mantissa = (bits & 0x7fffffu) | 0x800000u;
  let lower = multiply(mantissa, TURN_PER_RADIAN_LOW);
  let upper = multiply(mantissa, TURN_PER_RADIAN_HIGH);
  // The product's three words, least first, are to be shifted right by `shift` bits: by whole words, then by `rest` bits.
  let second = lower.y + upper.x;
  var words = vec3u(lower.x, second, upper.y + select(0u, 1u, second < lower.y));
  let shift = 150u - exponent;
  if (shift >= 64u) {
    words = vec3u(words.z, 0u, 0u);
  } else if (shift >= 32u) {
    words = vec3u(words.yz, 0u);
  }
  let rest = shift & 31u;
  var perStep = words.xy;
  if (rest > 0u) { perStep = (words.xy >> vec2u(rest)) | (words.yz << vec2u(32u - rest)); }
  if (shift >= 96u) { perStep = vec2u(); }
  return steps * perStep.y + multiply(steps, perStep.x).y;
}

// (cos, sin) of `turn` · 2^-32 turns.
fn direction(turn: u32) -> vec2f {
  let quadrant = (turn + 0x20000000u) >> 30u;
  let a = f32(bitcast<i32>(turn - (quadrant << 30u))) * RADIANS_PER_UNIT;
  let s = a * a;
  let sine = a * (1 + s * (-1.0 / 6 + s * (1.0 / 120 + s * (-1.0 / 5040 + s / 362880))));
  let cosine = 1 + s * (-0.5 + s * (1.0 / 24 + s * (-1.0 / 720 + s * (1.0 / 40320 - s / 3628800))));
  let swapped = select(vec2f(cosine, sine), vec2f(-sine, cosine), (quadrant & 1u) == 1u);
  return select(swapped, -swapped, quadrant >= 2u);
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let half = u.headDim / 2u;
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / half;
  if (row >= u.rows) { return; }
  let pair = index % half;
  var turn = direction(turned(position[row], inverseFrequencies[pair]));
  turn.y *= u.direction;
  for (var head = 0u; head < u.heads; head++) {
    let low = (row * u.heads + head) * u.headDim + pair;
    let high = low + half;
    let a = x[low];
    let b = x[high];
    x[low] = a * turn.x - b * turn.y;
    x[high] = b * turn.x + a * turn.y;
  }
}
