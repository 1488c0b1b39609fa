// β KL(q‖m) + (1 − β) KL(p‖m) with m = (1 − β) p + β q, 0 < β < 1; gradient (1 − β) p_v (log(p_v/m_v) − KL(p‖m)).
const NEEDS_SURVEY = true;

// Terms of KL(p‖m) and KL(q‖m).
fn survey(point: Point) -> vec2f {
  let m = mixture(point, u.complement, u.parameter);
  return vec2f(dot(m.p, m.log_p_over), dot(m.q, m.log_q_over));
}

fn loss(s: Statistics, sums: vec2f) -> f32 { return u.parameter * sums.y + u.complement * sums.x; }

fn slope(point: Point, loss: f32, sums: vec2f) -> vec4f {
  let m = mixture(point, u.complement, u.parameter);
  return u.complement * exp(point.log_p) * (m.log_p_over - sums.x);
}
