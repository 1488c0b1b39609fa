// Per row: loss and metrics of p = softmax(z_S / τ) against q = softmax(z_T / τ); z_S becomes weight · ∂loss/∂z_S.
// The outcomes come from support-whole.wgsl or support-top.wgsl, which define BUCKETED and supportOf(at, statistics). The divergence
// itself comes from a file of its own, which defines
//   NEEDS_SURVEY, survey(point): sums over the row that loss and gradient need beyond the statistics, before `loss`; on a bucketed
//     row the statistics' `reverse` and `forward` do not hold, so that a survey is always needed there;
//   loss(statistics, sums): the row's divergence;
//   slope(point, loss, sums): ∂loss/∂(z_S / τ) of four logits, p times a function of log_ratio and the sums alone.

// Four tokens of the vocabulary: log-probabilities at τ, and log p − log q without the rounding of either.
struct Point {
  log_p: vec4f,
  log_q: vec4f,
  log_ratio: vec4f,
}

// Outcomes of a bucketed row.
struct Support {
  // Tokens of a teacher's logit above `cut` are outcomes of their own, and those at it with an id below `end`.
  cut: f32,
  end: u32,
  // log P and log Q of the bucket, and log P − log Q, at τ.
  log_bucket: vec2f,
  log_ratio: f32,
}

fn pointOf(student_logits: vec4f, teacher_logits: vec4f, s: Statistics) -> Point {
  let a = student_logits - s.student.reference;
  let b = teacher_logits - s.teacher.reference;
  let scale = u.inverseTemperature;
  return Point(
    a * scale - s.log_mass.x,
    b * scale - s.log_mass.y,
    (a - b) * scale - (s.log_mass.x - s.log_mass.y),
  );
}

// What four tokens, as outcomes of their own, add to the sums.
fn surveyedBlock(at: Place, block: u32, s: Statistics, support: Support) -> vec2f {
  let teacher_logits = loadTeacher(at.row, block);
  var rest = vec4<bool>();
  if (BUCKETED) {
    rest = inBucket(block, teacher_logits, support);
    if (all(rest)) { return vec2f(); }
  }
  var point = pointOf(loadStudent(at.row, block), teacher_logits, s);
  if (BUCKETED) {
    point.log_p = select(point.log_p, vec4f(LOWEST), rest);
    point.log_q = select(point.log_q, vec4f(LOWEST), rest);
    point.log_ratio = select(point.log_ratio, vec4f(), rest);
  }
  return survey(point);
}

// The bucket as one token beside three without mass.
fn surveyedBucket(support: Support) -> vec2f {
  return survey(Point(
    vec4f(support.log_bucket.x, vec3f(LOWEST)),
    vec4f(support.log_bucket.y, vec3f(LOWEST)),
    vec4f(support.log_ratio, vec3f()),
  ));
}

// ∂loss/∂(z_S / τ) of four tokens. Those of the bucket share its slope as they share its student's mass: they take the slope of a
// teacher that divides the bucket as the student does.
fn slopeOf(at: Place, block: u32, s: Statistics, support: Support, loss: f32, sums: vec2f) -> vec4f {
  let teacher_logits = loadTeacher(at.row, block);
  var point = pointOf(loadStudent(at.row, block), teacher_logits, s);
  if (BUCKETED) {
    let rest = inBucket(block, teacher_logits, support);
    point.log_q = select(point.log_q, point.log_p - support.log_ratio, rest);
    point.log_ratio = select(point.log_ratio, vec4f(support.log_ratio), rest);
  }
  return slope(point, loss, sums);
}

var<workgroup> lane_surveys: array<vec2f, 64>;

fn surveyed(at: Place, s: Statistics, support: Support) -> vec2f {
  var sums = vec2f();
  if (BUCKETED && at.blocks > 0u && at.lane == 0u) { sums = surveyedBucket(support); }
  for (var first = at.lane; first < at.blocks; first += TILE * ROW_LANES) {
    let end = min(at.blocks, first + TILE * ROW_LANES);
    var part = vec2f();
    for (var block = first; block < end; block += ROW_LANES) { part += surveyedBlock(at, block, s, support); }
    sums += part;
  }
  if (ROW_LANES == 1u) { return sums; }
  lane_surveys[at.slot] = sums;
  workgroupBarrier();
  sums = vec2f();
  for (var lane = 0u; lane < ROW_LANES; lane++) { sums += lane_surveys[at.slot - at.lane + lane]; }
  return sums;
}

@compute @workgroup_size(ROW_LANES, ROWS_PER_GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let at = placeOf(group, groups, local);
  let id = targetOf(at);
  let s = statistics(at, id);
  let support = supportOf(at, s);
  var sums = vec2f();
  if (NEEDS_SURVEY) { sums = surveyed(at, s, support); }
  if (at.blocks == 0u) { return; }
  var divergence = loss(s, sums);
  // The exponential of a NaN is a number on some adapters; its moment is not, and neither loss nor gradient may look healthy.
  let moments = s.student.moment + s.teacher.moment;
  if (notFinite(moments)) { divergence = moments; }
  // Not a minimum, which may swallow NaN.
  let clipped = u.tokenClip > 0.0 && divergence > u.tokenClip;
  if (at.lane == 0u) {
    let start = at.token * METRICS;
    metrics[start] = select(divergence, u.tokenClip, clipped);
    metrics[start + 1u] = s.target_log_probs.x;
    metrics[start + 2u] = s.target_log_probs.y;
    metrics[start + 3u] = entropyOf(s.student);
    metrics[start + 4u] = entropyOf(s.teacher);
    metrics[start + 5u] = s.reverse_unscaled;
    metrics[start + 6u] = select(0.0, 1.0, s.top.x == f32(id));
    metrics[start + 7u] = select(0.0, 1.0, s.top.x == s.top.y);
  }
  if (u.gradient == 0u) { return; }
  var factor = weight[at.token] * u.inverseTemperature;
  if (factor == 0.0 || clipped) {
    for (var block = at.lane; block < at.blocks; block += ROW_LANES) { storeStudent(at.row, block, vec4f()); }
    return;
  }
  if (notFinite(divergence)) { factor = divergence; }
  for (var block = at.lane; block < at.blocks; block += ROW_LANES) {
    storeStudent(at.row, block, factor * slopeOf(at, block, s, support, divergence, sums));
  }
}
