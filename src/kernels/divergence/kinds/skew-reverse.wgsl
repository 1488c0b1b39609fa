// KL(p‖m) with m = λ p + (1 − λ) q, 0 < λ < 1; gradient p_v (g_v − Σ p g) with g = log(p/m) − λ p/m, where
// p/m = 1 − (1 − λ) (q − p)/m.
const NEEDS_SURVEY = true;

// Terms of the loss and of Σ p (q − p)/m.
fn survey(point: Point) -> vec2f {
  let m = mixture(point, u.parameter, u.complement);
  return vec2f(dot(m.p, m.log_p_over), dot(m.p, m.lean));
}

fn loss(s: Statistics, sums: vec2f) -> f32 { return sums.x; }

fn slope(point: Point, loss: f32, sums: vec2f) -> vec4f {
  let m = mixture(point, u.parameter, u.complement);
  return m.p * ((m.log_p_over - loss) + u.parameter * u.complement * (m.lean - sums.y));
}
