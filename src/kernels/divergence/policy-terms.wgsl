// PPO's clipped ratio −min(ρ A, clip(ρ) A) with ρ = p(y) / p_old(y), or −A log p(y), and the anchor κ (e^d − d − 1) with
// d = log p_ref(y) − log p(y). A log-probability that the objective does not read is bound to the advantage.
override PROXIMAL: bool = false;
override ANCHORED: bool = false;

@group(0) @binding(4) var<storage, read> advantage: array<f32>;
@group(0) @binding(5) var<storage, read> old_log_prob: array<f32>;
@group(0) @binding(6) var<storage, read> reference_log_prob: array<f32>;

// Differences of log-probabilities above it would overflow, and 0 · ∞ is no number.
const HIGHEST = 80.0;

fn capped(d: f32) -> f32 { return select(d, HIGHEST, d > HIGHEST); }

fn label(token: u32, log_p: f32) -> vec2f {
  let a = advantage[token];
  var result = vec2f(-a * log_p, a);
  if (PROXIMAL) {
    let gap = log_p - old_log_prob[token];
    let ratio = exp(capped(gap));
    let free = ratio * a;
    let held = clamp(ratio, u.ratioLow, u.ratioHigh) * a;
    // Not a minimum, which may swallow NaN.
    result = select(vec2f(-free, free), vec2f(-held, 0.0), held < free);
    if (notFinite(gap)) { result.x = gap; }
  }
  if (ANCHORED) {
    let d = reference_log_prob[token] - log_p;
    let growth = expm1(vec4f(capped(d))).x;
    result += u.anchorWeight * vec2f(growth - d, growth);
  }
  return result;
}
