// β KL(q‖m) + (1 − β) KL(p‖m) with m = (1 − β) p + β q, 0 < β < 1; gradient (1 − β) p_v (log(p_v/m_v) − KL(p‖m)).
// m is taken relative to the larger of p and q, so that neither ratio overflows and equal ones give log 1.
const NEEDS_SURVEY = true;

// log(m / max(p, q)); `less` = min(p, q) / max(p, q).
fn logMixture(log_ratio: vec4f, less: vec4f) -> vec4f {
  let beta = vec4f(u.beta);
  return log(select(beta + (1.0 - beta) * less, (1.0 - beta) + beta * less, log_ratio >= vec4f()));
}

// Terms of KL(p‖m) and KL(q‖m).
fn survey(point: Point) -> vec2f {
  let less = exp(-abs(point.log_ratio));
  let log_m = logMixture(point.log_ratio, less);
  let more = exp(max(point.log_p, point.log_q));
  let student_leads = point.log_ratio >= vec4f();
  let p = more * select(less, vec4f(1.0), student_leads);
  let q = more * select(vec4f(1.0), less, student_leads);
  return vec2f(
    dot(p, min(point.log_ratio, vec4f()) - log_m),
    dot(q, min(-point.log_ratio, vec4f()) - log_m),
  );
}

fn loss(s: Statistics, sums: vec2f) -> f32 { return u.beta * sums.y + (1.0 - u.beta) * sums.x; }

fn slope(point: Point, loss: f32, sums: vec2f) -> vec4f {
  let log_m = logMixture(point.log_ratio, exp(-abs(point.log_ratio)));
  return (1.0 - u.beta) * exp(point.log_p) * (min(point.log_ratio, vec4f()) - log_m - sums.x);
}
