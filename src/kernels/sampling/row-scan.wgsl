// Tokens are taken four at a time, which software adapters need. Sums are kept for BLOCK fours before they join the
// row's, so that the error of long rows stays small.
const BLOCK = 16u;
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

fn logits_at(row: Row, v: u32) -> vec4f {
  let at = row.start + v;
  return vec4f(logits[at], logits[at + 1u], logits[at + 2u], logits[at + 3u]);
}

// Which of the tokens from v on belong to the row.
fn present(row: Row, v: u32) -> vec4<bool> {
  return vec4u(v, v + 1u, v + 2u, v + 3u) < vec4u(row.length);
}

// Integers that order as the logits do: equal for both zeros, above 0 for all but NaN and tokens beyond the row.
fn keys_of(four: vec4f, row: Row, v: u32) -> vec4u {
  var bits = bitcast<vec4u>(four);
  let valid = (bits & vec4u(0x7fffffffu)) <= vec4u(0x7f800000u);
  bits = select(bits, vec4u(), bits == vec4u(0x80000000u));
  // Flips all bits of a negative number, the sign of another.
  let flip = bitcast<vec4u>(bitcast<vec4i>(bits) >> vec4u(31u)) | vec4u(0x80000000u);
  return select(vec4u(), bits ^ flip, valid & present(row, v));
}

fn logit_of(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, (key >> 31u) == 1u));
}

// exp((logit - max) / temperature), 0 for tokens that are not wanted.
fn masses_of(four: vec4f, wanted: vec4<bool>, row: Row) -> vec4f {
  let d = (four - row.max) * u.inverse_temperature;
  return select(vec4f(), exp(d), wanted & (d > vec4f(LOWEST)));
}

fn total(four: vec4f) -> f32 {
  return (four.x + four.y) + (four.z + four.w);
}

// The key of the largest logit, 0 if all are NaN.
fn max_key_of(row: Row) -> u32 {
  var most = vec4u();
  for (var v = row.lane * 4u; v < row.length; v += 4u * ROW_LANES) {
    most = max(most, keys_of(logits_at(row, v), row, v));
  }
  let key = max(max(most.x, most.y), max(most.z, most.w));
  return together(Findings(vec2f(), key, 0u), row.lane).most;
}

// (S, sum of exp(d) d) with d = logit - max and S = sum of exp(d), at temperature 1.
fn unscaled_sums(row: Row) -> vec2f {
  var sum = vec2f();
  for (var block = row.lane * 4u; block < row.length; block += 4u * BLOCK * ROW_LANES) {
    var exps = vec4f();
    var products = vec4f();
    let end = min(block + 4u * BLOCK * ROW_LANES, row.length);
    for (var v = block; v < end; v += 4u * ROW_LANES) {
      let d = logits_at(row, v) - row.max;
      // A NaN passes, and shows in the log-probability.
      let e = select(exp(d), vec4f(), (d <= vec4f(LOWEST)) | !present(row, v));
      exps += e;
      products += select(e * d, vec4f(), e == vec4f());
    }
    sum += vec2f(total(exps), total(products));
  }
  return together(Findings(sum, 0u, 0u), row.lane).sum;
}

// What the tokens with keys above `above` weigh, each its mass or each 1, with the nearest keys that occur on both
// sides: `most` at or under it (at least `low`), `least` over it (at most `high`).
fn weigh(row: Row, above: u32, by_mass: bool, low: u32, high: u32) -> Findings {
  var sum = 0.0;
  var most = vec4u(low);
  var least = vec4u(high);
  for (var block = row.lane * 4u; block < row.length; block += 4u * BLOCK * ROW_LANES) {
    var part = vec4f();
    let end = min(block + 4u * BLOCK * ROW_LANES, row.length);
    for (var v = block; v < end; v += 4u * ROW_LANES) {
      let four = logits_at(row, v);
      let keys = keys_of(four, row, v);
      let over = keys > vec4u(above);
      most = max(most, select(keys, vec4u(), over));
      least = min(least, select(vec4u(0xffffffffu), keys, over));
      if (!by_mass) {
        part += select(vec4f(), vec4f(1.0), over);
      } else if (any(over)) {
        part += masses_of(four, over, row);
      }
    }
    sum += total(part);
  }
  return together(
    Findings(
      vec2f(sum, 0.0),
      max(max(most.x, most.y), max(most.z, most.w)),
      min(min(least.x, least.y), min(least.z, least.w)),
    ),
    row.lane,
  );
}

// Narrows the kept tokens, those with keys from `kept_from`, by top-k and then by top-p: to the lowest key whose strictly
// higher tokens weigh less than k, or than p of the kept mass. Found by bisection: each probe moves one end to a key that
// occurs, so it ends when the threshold is known to the bit, after 32 probes at the latest. (One loop for both filters:
// drivers compile it in half the time. The keys stay outside of `row`, whose lane would
// taint their uniformity.)
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

