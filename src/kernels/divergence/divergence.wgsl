// Per row: loss and metrics of p = softmax(z_S / τ) against q = softmax(z_T / τ); z_S becomes weight · ∂loss/∂z_S.
// The divergence itself comes from a file of its own, which defines
//   NEEDS_SURVEY, survey(point): sums over the row that loss and gradient need beyond the statistics, before `loss`;
//   loss(statistics, sums): the row's divergence;
//   slope(point, loss, sums): ∂loss/∂(z_S / τ) of four logits.

// Four tokens of the vocabulary: log-probabilities at τ, and log p − log q without the rounding of either.
struct Point {
  log_p: vec4f,
  log_q: vec4f,
  log_ratio: vec4f,
}

fn pointOf(at: Place, block: u32, s: Statistics) -> Point {
  let a = loadStudent(at.row, block) - s.student.reference;
  let b = loadTeacher(at.row, block) - s.teacher.reference;
  let scale = u.inverseTemperature;
  return Point(
    a * scale - s.log_mass.x,
    b * scale - s.log_mass.y,
    (a - b) * scale - (s.log_mass.x - s.log_mass.y),
  );
}

var<workgroup> lane_surveys: array<vec2f, 64>;

fn surveyed(at: Place, s: Statistics) -> vec2f {
  var sums = vec2f();
  for (var first = at.lane; first < at.blocks; first += TILE * ROW_LANES) {
    let end = min(at.blocks, first + TILE * ROW_LANES);
    var part = vec2f();
    for (var block = first; block < end; block += ROW_LANES) { part += survey(pointOf(at, block, s)); }
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
  var sums = vec2f();
  if (NEEDS_SURVEY) { sums = surveyed(at, s); }
  if (at.blocks == 0u) { return; }
  let divergence = loss(s, sums);
  if (at.lane == 0u) {
    let start = at.token * METRICS;
    metrics[start] = divergence;
    metrics[start + 1u] = s.target_log_probs.x;
    metrics[start + 2u] = s.target_log_probs.y;
    metrics[start + 3u] = entropyOf(s.student);
    metrics[start + 4u] = entropyOf(s.teacher);
    metrics[start + 5u] = s.reverse_unscaled;
    metrics[start + 6u] = select(0.0, 1.0, s.top.x == f32(id));
    metrics[start + 7u] = select(0.0, 1.0, s.top.x == s.top.y);
  }
  if (u.gradient == 0u) { return; }
  let factor = weight[at.token] * u.inverseTemperature;
  if (factor == 0.0) {
    for (var block = at.lane; block < at.blocks; block += ROW_LANES) { storeStudent(at.row, block, vec4f()); }
    return;
  }
  for (var block = at.lane; block < at.blocks; block += ROW_LANES) {
    storeStudent(at.row, block, factor * slope(pointOf(at, block, s), divergence, sums));
  }
}
