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
// A reference of exponentials may be this far below the largest logit: raising it means to sum a tile anew, and
// exp(SLACK) costs neither range nor, by more than 2.5e-7, precision.
const SLACK = 4.0;

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

// Targets of masked rows may be anything.
fn targetOf(at: Place) -> u32 { return min(target_id[at.token], u.vocab - 1u); }

// The lane that owns the target token adds its logit; a sum over the lanes spreads it.
fn ownsTarget(at: Place, id: u32) -> bool { return at.blocks > 0u && (id / 4u) % ROW_LANES == at.lane; }

fn across(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

// By the bits: adapters may assume that no number is NaN.
fn notFinite(value: f32) -> bool { return (bitcast<u32>(value) & 0x7f800000u) == 0x7f800000u; }

fn highest(v: vec4f) -> f32 { return max(max(v.x, v.y), max(v.z, v.w)); }

// What one pass over the logits of one model leaves in a lane: sums of exponentials relative to a reference.
struct Side {
  reference: f32,
  // Σ exp(z − reference)
  mass: f32,
  // Σ exp(z − reference) (z − reference)
  moment: f32,
  // Largest logit, and the first block of the first tile that holds it.
  peak: f32,
  tile: u32,
}

// The same sums relative to a higher reference.
fn raised(side: Side, reference: f32) -> Side {
  let shift = side.reference - reference;
  let scale = exp(shift);
  return Side(reference, scale * side.mass, scale * (side.moment + shift * side.mass), side.peak, side.tile);
}

fn added(side: Side, mass: f32, moment: f32, top: f32, tile: u32) -> Side {
  let higher = top > side.peak;
  return Side(
    side.reference,
    side.mass + mass,
    side.moment + moment,
    select(side.peak, top, higher),
    select(side.tile, tile, higher),
  );
}

// −Σ p log p
fn entropyOf(side: Side) -> f32 { return log(side.mass) - side.moment / side.mass; }

// Each join has an array of its own and is called once, so that one barrier is enough. Lanes are joined in order.
var<workgroup> lane_leads: array<mat2x3f, 64>;
var<workgroup> lane_sums: array<mat4x4f, 64>;

// Of (reference, peak, token id of the peak): the highest reference, the highest peak, its lowest id.
fn leading(a: vec3f, b: vec3f) -> vec3f {
  let ahead = b.y > a.y || (b.y == a.y && b.z < a.z);
  return vec3f(max(a.x, b.x), select(a.yz, b.yz, ahead));
}

// One column a model.
fn joinLeads(at: Place, own: mat2x3f) -> mat2x3f {
  if (ROW_LANES == 1u) { return own; }
  lane_leads[at.slot] = own;
  workgroupBarrier();
  let first = at.slot - at.lane;
  var joined = lane_leads[first];
  for (var lane = 1u; lane < ROW_LANES; lane++) {
    let other = lane_leads[first + lane];
    joined = mat2x3f(leading(joined[0], other[0]), leading(joined[1], other[1]));
  }
  return joined;
}

fn joinSums(at: Place, own: mat4x4f) -> mat4x4f {
  if (ROW_LANES == 1u) { return own; }
  lane_sums[at.slot] = own;
  workgroupBarrier();
  let first = at.slot - at.lane;
  var joined = lane_sums[first];
  for (var lane = 1u; lane < ROW_LANES; lane++) { joined += lane_sums[first + lane]; }
  return joined;
}
