// KL(q‖m) with m = λ q + (1 − λ) p, 0 < λ < 1; gradient (1 − λ) p_v (Σ p q/m − q_v/m_v), where q/m = 1 + (1 − λ) (q − p)/m.
const NEEDS_SURVEY = true;

// Terms of the loss and of Σ p (q − p)/m.
fn survey(point: Point) -> vec2f {
  let m = mixture(point, u.complement, u.parameter);
  return vec2f(dot(m.q, m.log_q_over), dot(m.p, m.lean));
}

fn loss(s: Statistics, sums: vec2f) -> f32 { return sums.x; }

fn slope(point: Point, loss: f32, sums: vec2f) -> vec4f {
  let m = mixture(point, u.complement, u.parameter);
  return u.complement * u.complement * (m.p * sums.y - m.p * m.lean);
}
