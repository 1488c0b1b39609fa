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
  max: f32,
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

fn logit_of(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, (key >> 31u) == 1u));
}

// exp((logit - max) / temperature).
fn mass_of(logit: f32, row: Row) -> f32 {
  let d = (logit - row.max) * u.inverse_temperature;
  return select(exp(d), 0.0, d <= LOWEST);
}

// The key of the largest logit, 0 if all are NaN.
fn max_key_of(row: Row) -> u32 {
  var key = 0u;
  for (var v = row.lane; v < row.length; v += ROW_LANES) {
    key = max(key, key_of(logits[row.start + v]));
  }
  return together(Findings(vec2f(), key, 0u), row.lane).most;
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
  return together(Findings(sum, 0u, 0u), row.lane).sum;
}

// What the tokens with keys above `above` weigh, each its mass or each 1, with the nearest keys that occur on both
// sides: `most` at or under it (at least `low`), `least` over it (at most `high`).
fn weigh(row: Row, above: u32, by_mass: bool, low: u32, high: u32) -> Findings {
  var own = Findings(vec2f(), low, high);
  for (var block = row.lane; block < row.length; block += BLOCK * ROW_LANES) {
    var part = 0.0;
    let end = min(block + BLOCK * ROW_LANES, row.length);
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
  return together(own, row.lane);
}

// Narrows the kept tokens, those with keys from `kept_from`, by top-k and then by top-p: to the lowest key whose strictly
// higher tokens weigh less than k, or than p of the kept mass. Found by bisection: each probe moves one end to a key that
// occurs, so it ends when the threshold is known to the bit, after 32 probes at the latest. (One loop for both filters:
// drivers
// compile it in half the time. The keys stay outside of `row`, whose lane would taint their uniformity.)
fn filtered(row: Row, unfiltered: u32, max_key: u32) -> u32 {
  var kept_from = unfiltered;
  for (var by_mass = u.top_k == 0u; ; by_mass = true) {
    if (by_mass && u.top_p >= 1.0) {
      break;
    }
    var limit = f32(u.top_k);
    var low = kept_from - 1u;
    var high = max_key;
    // The first probe only weighs all that is kept.
    var middle = low;
    for (var probe = 0u; high > low && high - low > 1u; probe++) {
      let found = weigh(row, middle, by_mass, low, high);
      if (probe == 0u) {
        limit = select(limit, u.top_p * found.sum.x, by_mass);
      } else if (found.sum.x < limit) {
        high = max(found.most, low + 1u);
      } else {
        low = found.least - 1u;
      }
      middle = low + (high - low) / 2u;
    }
    kept_from = high;
    if (by_mass) {
      break;
    }
  }
  return kept_from;
}

