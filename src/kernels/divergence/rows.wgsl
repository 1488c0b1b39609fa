// One row of logits is one response token. ROW_LANES invocations share a row: lane l reads the blocks of four
// logits l, l + ROW_LANES, l + 2 ROW_LANES, … in tiles of TILE blocks, so that a long vocabulary is summed in two levels.
// u.rowStart is the token of the chunk's first row: target, weight and metrics are those of the whole batch.
@group(0) @binding(1) var<storage, read_write> metrics: array<f32>;
@group(0) @binding(2) var<storage, read> target_id: array<u32>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;

override ROW_LANES: u32 = 64u;
override ROWS_PER_GROUP: u32 = 1u;
const TILE = 16u;
const METRICS = 8u;
// Below every supported logit, and far enough from overflow to be divided by a temperature.
const LOWEST = -1e37;

var<workgroup> partial: array<vec4f, 64>;

struct Place {
  lane: u32,
  slot: u32,
  row: u32,
  token: u32,
  // Blocks of the row; zero past the last row, whose invocations only take part in the barriers.
  blocks: u32,
}

fn placeOf(group: vec3u, groups: vec3u, local: vec3u) -> Place {
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local.y;
  let slot = local.y * ROW_LANES + local.x;
  return Place(local.x, slot, row, u.rowStart + row, select(0u, (u.vocab + 3u) / 4u, row < u.rows));
}

fn across(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

fn highest(v: vec4f) -> f32 { return max(max(v.x, v.y), max(v.z, v.w)); }

// Sum over the lanes of a row, in an order that depends on ROW_LANES alone.
fn rowSum(at: Place, value: vec4f) -> vec4f {
  if (ROW_LANES == 1u) { return value; }
  workgroupBarrier();
  partial[at.slot] = value;
  for (var step = ROW_LANES / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (at.lane < step) { partial[at.slot] += partial[at.slot + step]; }
  }
  workgroupBarrier();
  return partial[at.slot - at.lane];
}

fn rowMax(at: Place, value: vec2f) -> vec2f {
  if (ROW_LANES == 1u) { return value; }
  workgroupBarrier();
  partial[at.slot] = vec4f(value, 0.0, 0.0);
  for (var step = ROW_LANES / 2u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (at.lane < step) { partial[at.slot] = max(partial[at.slot], partial[at.slot + step]); }
  }
  workgroupBarrier();
  return partial[at.slot - at.lane].xy;
}

// What one pass over the logits of one model leaves: its largest logit and sums of exponentials relative to it.
struct Side {
  peak: f32,
  // First tile, in the order of the lane, that holds the peak.
  tile: u32,
  // Σ exp(z − peak)
  mass: f32,
  // Σ exp(z − peak) (z − peak)
  moment: f32,
}

fn emptySide() -> Side { return Side(LOWEST, 0u, 0.0, 0.0); }

// The same sums relative to a higher peak.
fn raised(side: Side, peak: f32) -> Side {
  let shift = side.peak - peak;
  let scale = exp(shift);
  return Side(peak, side.tile, scale * side.mass, scale * (side.moment + shift * side.mass));
}

// −Σ p log p
fn entropyOf(side: Side) -> f32 { return log(side.mass) - side.moment / side.mass; }

// The lane that owns the target token adds its logit; a sum over the lanes spreads it.
fn ownTarget(at: Place, id: u32) -> bool { return at.blocks > 0u && (id / 4u) % ROW_LANES == at.lane; }

// Targets of masked rows may be anything.
fn targetOf(at: Place) -> u32 { return min(target_id[at.token], u.vocab - 1u); }
