// −log p(y)
fn label(token: u32, log_p: f32) -> vec2f { return vec2f(-log_p, 1.0); }
