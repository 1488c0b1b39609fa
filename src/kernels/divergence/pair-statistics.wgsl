// Streams student and teacher logits of a row once and joins the lanes. With a = z_S − peak_S and b = z_T − peak_T,
// log p − log q = a − b − (log mass_S − log mass_T): differences are taken before anything large is added.
override TEMPERED: bool = false;

// Sums over the row that need both models.
struct Cross {
  // Σ exp(a) (a − b) and Σ exp(b) (b − a)
  reverse: f32,
  forward: f32,
}

struct Statistics {
  student: Side,
  teacher: Side,
  // Logits of the target relative to the peaks.
  target_logits: vec2f,
  // log Σ exp(a / τ), log Σ exp(b / τ)
  log_mass: vec2f,
  // KL(p‖q) and KL(q‖p) at τ
  reverse: f32,
  forward: f32,
  // KL(p‖q) at τ = 1
  reverse_unscaled: f32,
  // Lowest token ids with the largest logit.
  top: vec2f,
}

fn raisedCross(cross: Cross, mass: vec2f, shift: vec2f, scale: vec2f) -> Cross {
  let gap = shift.x - shift.y;
  return Cross(scale.x * (cross.reverse + gap * mass.x), scale.y * (cross.forward - gap * mass.y));
}

struct Running {
  student: Side,
  teacher: Side,
  cross: Cross,
  // At τ, where τ ≠ 1; `cross_tempered` still sums the unscaled a − b.
  mass_tempered: vec2f,
  cross_tempered: Cross,
}

fn raisedRunning(r: Running, peak: vec2f) -> Running {
  var next = r;
  let shift = vec2f(r.student.peak, r.teacher.peak) - peak;
  next.cross = raisedCross(r.cross, vec2f(r.student.mass, r.teacher.mass), shift, exp(shift));
  next.student = raised(r.student, peak.x);
  next.teacher = raised(r.teacher, peak.y);
  if (TEMPERED) {
    let scale = exp(shift * u.inverseTemperature);
    next.mass_tempered = scale * r.mass_tempered;
    next.cross_tempered = raisedCross(r.cross_tempered, r.mass_tempered, shift, scale);
  }
  return next;
}

fn stream(at: Place) -> Running {
  var r = Running(emptySide(), emptySide(), Cross(), vec2f(), Cross());
  var tile = 0u;
  for (var first = at.lane; first < at.blocks; first += TILE * ROW_LANES) {
    let end = min(at.blocks, first + TILE * ROW_LANES);
    var peakS = vec4f(LOWEST);
    var peakT = vec4f(LOWEST);
    for (var block = first; block < end; block += ROW_LANES) {
      peakS = max(peakS, loadStudent(at.row, block));
      peakT = max(peakT, loadTeacher(at.row, block));
    }
    let top = vec2f(highest(peakS), highest(peakT));
    let before = vec2f(r.student.peak, r.teacher.peak);
    if (any(top > before)) {
      r = raisedRunning(r, max(top, before));
      if (top.x > before.x) { r.student.tile = tile; }
      if (top.y > before.y) { r.teacher.tile = tile; }
    }
    // (mass_S, mass_T, moment_S, moment_T)
    var sums = vec4f();
    var cross = vec2f();
    var tempered = vec4f();
    for (var block = first; block < end; block += ROW_LANES) {
      let a = loadStudent(at.row, block) - r.student.peak;
      let b = loadTeacher(at.row, block) - r.teacher.peak;
      let ea = exp(a);
      let eb = exp(b);
      let gap = a - b;
      sums += vec4f(across(ea), across(eb), dot(ea, a), dot(eb, b));
      cross += vec2f(dot(ea, gap), -dot(eb, gap));
      if (TEMPERED) {
        let ta = exp(a * u.inverseTemperature);
        let tb = exp(b * u.inverseTemperature);
        tempered += vec4f(across(ta), across(tb), dot(ta, gap), -dot(tb, gap));
      }
    }
    r.student.mass += sums.x;
    r.teacher.mass += sums.y;
    r.student.moment += sums.z;
    r.teacher.moment += sums.w;
    r.cross.reverse += cross.x;
    r.cross.forward += cross.y;
    r.mass_tempered += tempered.xy;
    r.cross_tempered.reverse += tempered.z;
    r.cross_tempered.forward += tempered.w;
    tile++;
  }
  return r;
}

// Lowest token id with the row's largest teacher logit; `side` is the lane's own, before lanes are joined.
fn teacherTop(at: Place, side: Side, peak: f32) -> u32 {
  if (side.peak != peak) { return u.vocab; }
  let first = at.lane + side.tile * TILE * ROW_LANES;
  let end = min(at.blocks, first + TILE * ROW_LANES);
  for (var block = first; block < end; block += ROW_LANES) {
    let z = loadTeacher(at.row, block);
    for (var c = 0u; c < 4u; c++) {
      if (z[c] == peak) { return 4u * block + c; }
    }
  }
  return u.vocab;
}

fn statistics(at: Place, id: u32) -> Statistics {
  let own = stream(at);
  let peak = rowMax(at, vec2f(own.student.peak, own.teacher.peak));
  let top = rowMax(at, -vec2f(vec2u(studentTop(at, own.student, peak.x), teacherTop(at, own.teacher, peak.y))));
  var r = raisedRunning(own, peak);
  let sums = rowSum(at, vec4f(r.student.mass, r.teacher.mass, r.student.moment, r.teacher.moment));
  r.student.mass = sums.x;
  r.teacher.mass = sums.y;
  r.student.moment = sums.z;
  r.teacher.moment = sums.w;
  var target_logits = vec2f();
  if (ownTarget(at, id)) {
    target_logits = vec2f(loadStudent(at.row, id / 4u)[id % 4u], loadTeacher(at.row, id / 4u)[id % 4u]) - peak;
  }
  let cross = rowSum(at, vec4f(r.cross.reverse, r.cross.forward, target_logits));
  let unscaled = log(sums.xy);
  let gap = unscaled.x - unscaled.y;
  var s = Statistics();
  s.student = r.student;
  s.teacher = r.teacher;
  s.target_logits = cross.zw;
  s.log_mass = unscaled;
  s.reverse = cross.x / sums.x - gap;
  s.forward = cross.y / sums.y + gap;
  s.reverse_unscaled = s.reverse;
  s.top = -top;
  if (TEMPERED) {
    let t = rowSum(at, vec4f(r.mass_tempered, r.cross_tempered.reverse, r.cross_tempered.forward));
    s.log_mass = log(t.xy);
    let gap_tempered = s.log_mass.x - s.log_mass.y;
    s.reverse = t.z * u.inverseTemperature / t.x - gap_tempered;
    s.forward = t.w * u.inverseTemperature / t.y + gap_tempered;
  }
  return s;
}
