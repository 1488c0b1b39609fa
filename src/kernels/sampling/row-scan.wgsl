override ROW_LANES = 1u;
override ROWS_PER_GROUP = 8u;

// Terms that are summed one after the other before their sum is added to the row's: keeps the error of long rows small.
const BLOCK = 64u;
// exp of less is zero in f32.
const LOWEST = -87.0;

// What the lanes of a row find out together: two sums, a maximum and a minimum.
struct Findings {
  sum: vec2f,
  most: u32,
  least: u32,
}

struct Row {
  start: u32,
  // Tokens to look at: none when the row is done or beyond the batch.
  length: u32,
  lane: u32,
  first_slot: u32,
  max: f32,
  max_key: u32,
}

var<workgroup> lane_findings: array<Findings, ROW_LANES * ROWS_PER_GROUP>;

// Over the lanes of a row in a fixed order, known to all of them. Call it in uniform control flow.
fn together(own: Findings, row: Row) -> Findings {
  if (ROW_LANES == 1u) {
    return own;
  }
  let slot = row.first_slot + row.lane;
  lane_findings[slot] = own;
  workgroupBarrier();
  for (var half = ROW_LANES / 2u; half > 0u; half /= 2u) {
    if (row.lane < half) {
      let a = lane_findings[slot];
      let b = lane_findings[slot + half];
      lane_findings[slot] = Findings(a.sum + b.sum, max(a.most, b.most), min(a.least, b.least));
    }
    workgroupBarrier();
  }
  let all = lane_findings[row.first_slot];
  workgroupBarrier();
  return all;
}

// An integer that orders as the logits do: equal for both zeros, 0 for NaN, above 0 for all else.
fn key_of(logit: f32) -> u32 {
  var bits = bitcast<u32>(logit);
  if ((bits & 0x7fffffffu) > 0x7f800000u) {
    return 0u;
  }
  bits = select(bits, 0u, bits == 0x80000000u);
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}

// exp((logit - max) / temperature).
fn mass_of(logit: f32, row: Row) -> f32 {
  let d = (logit - row.max) * u.inverse_temperature;
  return select(exp(d), 0.0, d <= LOWEST);
}

// The largest logit and, of those that have it, the lowest id.
fn find_max(row: Row) -> vec2u {
  var key = 0u;
  var id = 0u;
  for (var v = row.lane; v < row.length; v += ROW_LANES) {
    let k = key_of(logits[row.start + v]);
    if (k > key) {
      key = k;
      id = v;
    }
  }
  let most = together(Findings(vec2f(), key, 0u), row).most;
  let candidate = select(0xffffffffu, id, key == most);
  return vec2u(most, min(together(Findings(vec2f(), 0u, candidate), row).least, u.vocab - 1u));
}

// (S, sum of exp(d) d) with d = logit - max and S = sum of exp(d), at temperature 1.
fn unscaled_sums(row: Row) -> vec2f {
  var sum = vec2f();
  for (var block = row.lane; block < row.length; block += BLOCK * ROW_LANES) {
    var part = vec2f();
    let end = min(block + BLOCK * ROW_LANES, row.length);
    for (var v = block; v < end; v += ROW_LANES) {
      let d = logits[row.start + v] - row.max;
      let e = select(exp(d), 0.0, d <= LOWEST);
      part += vec2f(e, e * max(d, LOWEST));
    }
    sum += part;
  }
  return together(Findings(sum, 0u, 0u), row).sum;
}

// What the tokens with keys above `above` weigh, each its mass or each 1, with the nearest keys that occur on both
// sides: `most` at or under it (at least `low`), `least` over it (at most `high`).
fn weigh(row: Row, length: u32, above: u32, by_mass: bool, low: u32, high: u32) -> Findings {
  var own = Findings(vec2f(), low, high);
  for (var block = row.lane; block < length; block += BLOCK * ROW_LANES) {
    var part = 0.0;
    let end = min(block + BLOCK * ROW_LANES, length);
    for (var v = block; v < end; v += ROW_LANES) {
      let logit = logits[row.start + v];
      let key = key_of(logit);
      if (key > above) {
        own.least = min(own.least, key);
        if (by_mass) {
          part += mass_of(logit, row);
        } else {
          part += 1.0;
        }
      } else {
        own.most = max(own.most, key);
      }
    }
    own.sum.x += part;
  }
  return together(own, row);
}

// The lowest key whose strictly higher tokens weigh less than `limit`, found by bisection between `floor_key` and the
// maximum: each probe moves one end to a key that occurs, so it ends when the threshold is known to the bit, after 32
// probes at the latest. Finished rows idle through the rest, because barriers must be met by all.
fn threshold(row: Row, floor_key: u32, limit: f32, by_mass: bool) -> u32 {
  var low = floor_key - 1u;
  var high = row.max_key;
  for (var probe = 0u; probe < 32u; probe++) {
    let open = high > low && high - low > 1u;
    let middle = low + (high - low) / 2u;
    let found = weigh(row, select(0u, row.length, open), middle, by_mass, low, high);
    if (open) {
      if (found.sum.x < limit) {
        high = max(found.most, low + 1u);
      } else {
        low = found.least - 1u;
      }
    }
  }
  return high;
}

