// KL(q‖p) = Σ q (log q − log p), gradient p_v − q_v.
const NEEDS_SURVEY = BUCKETED;

fn survey(point: Point) -> vec2f { return vec2f(-dot(exp(point.log_q), point.log_ratio), 0.0); }

fn loss(s: Statistics, sums: vec2f) -> f32 { return select(s.forward, sums.x, BUCKETED); }

fn slope(point: Point, loss: f32, sums: vec2f) -> vec4f { return exp(point.log_p) - exp(point.log_q); }
