// The outcomes are the teacher's K most likely tokens, of equal ones those with the lowest ids, and one bucket of all others.
// K is below the vocabulary. Lanes are joined by the functions of lanes-alone.wgsl or lanes-group.wgsl.
const BUCKETED = true;

// What a pass over the teacher's logits finds: how many lie above a key, and the nearest keys that occur on both sides of it.
struct Found {
  count: u32,
  most: u32,
  least: u32,
}

// Integers that order as the logits do, equal for both zeros; 0 for NaN alone.
fn keysOf(logits: vec4f) -> vec4u {
  var bits = bitcast<vec4u>(logits);
  let valid = (bits & vec4u(0x7fffffffu)) <= vec4u(0x7f800000u);
  bits = select(bits, vec4u(), bits == vec4u(0x80000000u));
  // Flips all bits of a negative number, the sign of another.
  let flip = bitcast<vec4u>(bitcast<vec4i>(bits) >> vec4u(31u)) | vec4u(0x80000000u);
  return select(vec4u(), bits ^ flip, valid);
}

fn logitOf(key: u32) -> f32 { return bitcast<f32>(select(~key, key & 0x7fffffffu, (key >> 31u) == 1u)); }

fn idsIn(block: u32) -> vec4u { return 4u * block + vec4u(0u, 1u, 2u, 3u); }

fn countOf(wanted: vec4<bool>) -> u32 {
  let ones = select(vec4u(), vec4u(1u), wanted);
  return (ones.x + ones.y) + (ones.z + ones.w);
}

fn found(at: Place, above: u32) -> Found {
  var count = 0u;
  var most = vec4u();
  var least = vec4u(0xffffffffu);
  for (var block = at.lane; block < at.blocks; block += ROW_LANES) {
    let keys = keysOf(loadTeacher(at.row, block));
    let over = keys > vec4u(above);
    count += countOf(over);
    most = max(most, select(keys, vec4u(), over));
    least = min(least, select(vec4u(0xffffffffu), keys, over));
  }
  return together(
    at,
    Found(count, max(max(most.x, most.y), max(most.z, most.w)), min(min(least.x, least.y), min(least.z, least.w))),
  );
}

// How many tokens with the key have ids below `end`.
fn tiedBefore(at: Place, key: u32, end: u32) -> u32 {
  var count = 0u;
  for (var block = at.lane; block < at.blocks; block += ROW_LANES) {
    count += countOf((keysOf(loadTeacher(at.row, block)) == vec4u(key)) & (idsIn(block) < vec4u(end)));
  }
  return together(at, Found(count, 0u, 0u)).count;
}

// (K-th largest key, end of the ids that enter with that key). Bisection: each probe moves one end to a key that occurs, so it
// ends when exactly K tokens lie above the probe, or when the key is known to the bit. Only equal logits across the edge take a
// second search, over ids.
fn edge(at: Place, peak: f32) -> vec2u {
  var low = 0u;
  var high = together(at, Found(0u, keysOf(vec4f(peak)).x, 0u)).most;
  var above = 0u;
  while (high > low && high - low > 1u) {
    let middle = low + (high - low) / 2u;
    let probe = found(at, middle);
    if (probe.count == u.topK) { return vec2u(probe.least, u.vocab); }
    if (probe.count < u.topK) {
      high = max(probe.most, low + 1u);
      above = probe.count;
    } else {
      low = probe.least - 1u;
    }
  }
  var start = 0u;
  var end = u.vocab;
  while (end - start > 1u) {
    let middle = start + (end - start) / 2u;
    let tied = above + tiedBefore(at, high, middle);
    if (tied < u.topK) { start = middle; } else { end = middle; }
    if (tied == u.topK) { break; }
  }
  return vec2u(high, end);
}

fn inBucket(block: u32, teacher_logits: vec4f, support: Support) -> vec4<bool> {
  let level = vec4f(support.cut);
  return !((teacher_logits > level) | ((teacher_logits == level) & (idsIn(block) < vec4u(support.end))));
}

// The bucket's masses are summed relative to its own largest logits, so that they stay above zero however small they are.
fn supportOf(at: Place, s: Statistics) -> Support {
  let found_edge = edge(at, s.teacher.peak);
  var support = Support(logitOf(found_edge.x), found_edge.y, vec2f(), 0.0);
  var top = vec2f(LOWEST);
  for (var block = at.lane; block < at.blocks; block += ROW_LANES) {
    let teacher_logits = loadTeacher(at.row, block);
    let rest = inBucket(block, teacher_logits, support);
    let lowest = vec4f(LOWEST);
    top = max(top, vec2f(
      highest(select(lowest, loadStudent(at.row, block), rest)),
      highest(select(lowest, teacher_logits, rest)),
    ));
  }
  top = highestTogether(at, top);
  var mass = vec2f();
  for (var first = at.lane; first < at.blocks; first += TILE * ROW_LANES) {
    let end = min(at.blocks, first + TILE * ROW_LANES);
    var part = vec2f();
    for (var block = first; block < end; block += ROW_LANES) {
      let teacher_logits = loadTeacher(at.row, block);
      let rest = inBucket(block, teacher_logits, support);
      let p = exp((loadStudent(at.row, block) - top.x) * u.inverseTemperature);
      let q = exp((teacher_logits - top.y) * u.inverseTemperature);
      part += vec2f(across(select(vec4f(), p, rest)), across(select(vec4f(), q, rest)));
    }
    mass += part;
  }
  mass = sumTogether(at, mass);
  let tops = top - vec2f(s.student.reference, s.teacher.reference);
  support.log_bucket = tops * u.inverseTemperature + (log(mass) - s.log_mass);
  support.log_ratio = (tops.x - tops.y) * u.inverseTemperature
    + ((log(mass.x) - log(mass.y)) - (s.log_mass.x - s.log_mass.y));
  return support;
}
