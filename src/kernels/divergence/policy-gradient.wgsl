// −A log p(y), whose gradient is that of PPO's clipped ratio on the step that sampled y.
@group(0) @binding(4) var<storage, read> advantage: array<f32>;

fn label(token: u32, log_p: f32) -> vec2f { return vec2f(-advantage[token] * log_p, advantage[token]); }
