// Streams student and teacher logits of a row once and joins the lanes. With a = z_S − reference_S and
// b = z_T − reference_T, log p − log q = a − b − (log mass_S − log mass_T): differences come before anything large is added.
override TEMPERED: bool = false;

struct Running {
  student: Side,
  teacher: Side,
  // Σ exp(a) (a − b) and Σ exp(b) (b − a)
  cross: vec2f,
  // At τ, where τ ≠ 1; `cross_tempered` still sums the unscaled a − b.
  mass_tempered: vec2f,
  cross_tempered: vec2f,
}

// Cross sums after a and b have shifted.
fn raisedCross(cross: vec2f, mass: vec2f, shift: vec2f) -> vec2f {
  return cross + (shift.x - shift.y) * vec2f(mass.x, -mass.y);
}

fn raisedRunning(r: Running, reference: vec2f) -> Running {
  let shift = vec2f(r.student.reference, r.teacher.reference) - reference;
  var next = r;
  next.cross = exp(shift) * raisedCross(r.cross, vec2f(r.student.mass, r.teacher.mass), shift);
  next.student = raised(r.student, reference.x);
  next.teacher = raised(r.teacher, reference.y);
  if (TEMPERED) {
    let scale = exp(shift * u.inverseTemperature);
    next.mass_tempered = scale * r.mass_tempered;
    next.cross_tempered = scale * raisedCross(r.cross_tempered, r.mass_tempered, shift);
  }
  return next;
}

fn stream(at: Place) -> Running {
  let none = Side(LOWEST, 0.0, 0.0, LOWEST, 0u);
  var r = Running(none, none, vec2f(), vec2f(), vec2f());
  if (at.lane < at.blocks) {
    r.student.reference = highest(loadStudent(at.row, at.lane));
    r.teacher.reference = highest(loadTeacher(at.row, at.lane));
  }
  var first = at.lane;
  while (first < at.blocks) {
    let end = min(at.blocks, first + TILE * ROW_LANES);
    let reference = vec2f(r.student.reference, r.teacher.reference);
    var student_tops = vec4f(LOWEST);
    var teacher_tops = vec4f(LOWEST);
    // (mass_S, mass_T, moment_S, moment_T)
    var sums = vec4f();
    var cross = vec2f();
    var tempered = vec4f();
    for (var block = first; block < end; block += ROW_LANES) {
      let student_logits = loadStudent(at.row, block);
      let teacher_logits = loadTeacher(at.row, block);
      student_tops = max(student_tops, student_logits);
      teacher_tops = max(teacher_tops, teacher_logits);
      let a = student_logits - reference.x;
      let b = teacher_logits - reference.y;
      let gap = a - b;
      let ea = exp(a);
      let eb = exp(b);
      sums += vec4f(across(ea), across(eb), dot(ea, a), dot(eb, b));
      cross += vec2f(dot(ea, gap), -dot(eb, gap));
      if (TEMPERED) {
        let ta = exp(a * u.inverseTemperature);
        let tb = exp(b * u.inverseTemperature);
        tempered += vec4f(across(ta), across(tb), dot(ta, gap), -dot(tb, gap));
      }
    }
    let top = vec2f(highest(student_tops), highest(teacher_tops));
    if (any(top > reference + SLACK)) {
      r = raisedRunning(r, max(top, reference));
      continue;
    }
    r.student = added(r.student, sums.x, sums.z, top.x, first);
    r.teacher = added(r.teacher, sums.y, sums.w, top.y, first);
    r.cross += cross;
    r.mass_tempered += tempered.xy;
    r.cross_tempered += tempered.zw;
    first += TILE * ROW_LANES;
  }
  return r;
}

fn teacherLead(at: Place, side: Side) -> vec3f {
  var id = u.vocab;
  let end = min(at.blocks, side.tile + TILE * ROW_LANES);
  for (var block = side.tile; block < end && id == u.vocab; block += ROW_LANES) {
    id = firstEqual(loadTeacher(at.row, block), side.peak, block);
  }
  return vec3f(side.reference, side.peak, f32(id));
}

struct Statistics {
  student: Side,
  teacher: Side,
  // Log-probabilities of the target, at τ = 1.
  target_log_probs: vec2f,
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

fn statistics(at: Place, id: u32) -> Statistics {
  let own = stream(at);
  let leads = joinLeads(at, mat2x3f(studentLead(at, own.student), teacherLead(at, own.teacher)));
  let reference = vec2f(leads[0].x, leads[1].x);
  let r = raisedRunning(own, reference);
  var target_logits = vec2f();
  if (ownsTarget(at, id)) {
    target_logits = vec2f(loadStudent(at.row, id / 4u)[id % 4u], loadTeacher(at.row, id / 4u)[id % 4u]) - reference;
  }
  let sums = joinSums(at, mat4x4f(
    vec4f(r.student.mass, r.teacher.mass, r.student.moment, r.teacher.moment),
    vec4f(r.cross, target_logits),
    vec4f(r.mass_tempered, r.cross_tempered),
    vec4f(),
  ));
  var s = Statistics();
  s.student = Side(reference.x, sums[0].x, sums[0].z, leads[0].y, 0u);
  s.teacher = Side(reference.y, sums[0].y, sums[0].w, leads[1].y, 0u);
  s.top = vec2f(leads[0].z, leads[1].z);
  s.log_mass = log(sums[0].xy);
  s.target_log_probs = sums[1].zw - s.log_mass;
  s.reverse = sums[1].x / sums[0].x - (s.log_mass.x - s.log_mass.y);
  s.forward = sums[1].y / sums[0].y + (s.log_mass.x - s.log_mass.y);
  s.reverse_unscaled = s.reverse;
  if (TEMPERED) {
    s.log_mass = log(sums[2].xy);
    s.reverse = sums[2].z * u.inverseTemperature / sums[2].x - (s.log_mass.x - s.log_mass.y);
    s.forward = sums[2].w * u.inverseTemperature / sums[2].y + (s.log_mass.x - s.log_mass.y);
  }
  return s;
}
