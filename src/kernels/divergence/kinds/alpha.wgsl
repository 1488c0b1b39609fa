// (1 − Σ q^α p^(1−α)) / (α (1 − α)), 0 < α < 1; gradient (p_v Σ q^α p^(1−α) − q_v^α p_v^(1−α)) / α.
// With b the nearer of p and q (p up to α = 1/2), f the other and a its order (α or 1 − α, at most 1/2), all is made of
// q^α p^(1−α) − b = b (e^(a log(f/b)) − 1), which neither cancels near p = q or near the ends of α, nor overflows.
const NEEDS_SURVEY = true;

fn teacherIsNear() -> bool { return u.parameter > 0.5; }

struct Powers {
  // b
  near: vec4f,
  // q^α p^(1−α) − b
  surplus: vec4f,
}

fn powersOf(point: Point) -> Powers {
  let swap = teacherIsNear();
  let log_near = select(point.log_p, point.log_q, swap);
  let growth = min(u.parameter, u.complement) * select(-point.log_ratio, point.log_ratio, swap);
  let near = exp(log_near);
  return Powers(
    near,
    select(exp(log_near + growth) - near, near * expm1(growth), abs(growth) < vec4f(0.5)),
  );
}

// a (f − b) adds nothing to the sum and makes every term of it positive, so that the sum cancels nowhere either.
fn survey(point: Point) -> vec2f {
  let swap = teacherIsNear();
  let powers = powersOf(point);
  let order = min(u.parameter, u.complement);
  let rise = select(-point.log_ratio, point.log_ratio, swap);
  let far = exp(select(point.log_q, point.log_p, swap));
  let excess = select(far - powers.near, powers.near * expm1(rise), abs(rise) < vec4f(0.5));
  return vec2f(across(order * excess - powers.surplus) / (u.parameter * u.complement), 0.0);
}

fn loss(s: Statistics, sums: vec2f) -> f32 { return sums.x; }

fn slope(point: Point, loss: f32, sums: vec2f) -> vec4f {
  let p = exp(point.log_p);
  let powers = powersOf(point);
  return ((p - powers.near) - powers.surplus) / u.parameter - u.complement * loss * p;
}
