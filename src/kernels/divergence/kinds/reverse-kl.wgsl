// KL(p‖q) = Σ p (log p − log q), gradient p_v (log p_v − log q_v − KL(p‖q)).
const NEEDS_SURVEY = BUCKETED;

fn survey(point: Point) -> vec2f { return vec2f(dot(exp(point.log_p), point.log_ratio), 0.0); }

fn loss(s: Statistics, sums: vec2f) -> f32 { return select(s.reverse, sums.x, BUCKETED); }

fn slope(point: Point, loss: f32, sums: vec2f) -> vec4f { return exp(point.log_p) * (point.log_ratio - loss); }
