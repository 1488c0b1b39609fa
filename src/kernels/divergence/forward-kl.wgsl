// KL(q‖p) = Σ q (log q − log p), gradient p_v − q_v.
const NEEDS_SURVEY = false;

fn survey(point: Point) -> vec2f { return vec2f(); }

fn loss(s: Statistics, sums: vec2f) -> f32 { return s.forward; }

fn slope(point: Point, loss: f32, sums: vec2f) -> vec4f { return exp(point.log_p) - exp(point.log_q); }
