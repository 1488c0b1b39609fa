// m = student_share p + teacher_share q of four tokens, relative to the larger of p and q, so that no ratio to it overflows and
// equal ones give log 1. Both shares are above 0 and sum to 1.
struct Mixture {
  p: vec4f,
  q: vec4f,
  // log(p / m) and log(q / m)
  log_p_over: vec4f,
  log_q_over: vec4f,
  // (q − p) / m: q/m − 1 and 1 − p/m are this times a share, without the cancellation of either.
  lean: vec4f,
}

fn mixture(point: Point, student_share: f32, teacher_share: f32) -> Mixture {
  let less = exp(-abs(point.log_ratio));
  let student_leads = point.log_ratio >= vec4f();
  let share = select(
    teacher_share + student_share * less,
    student_share + teacher_share * less,
    student_leads,
  );
  let log_share = log(share);
  let more = exp(max(point.log_p, point.log_q));
  return Mixture(
    more * select(less, vec4f(1.0), student_leads),
    more * select(vec4f(1.0), less, student_leads),
    min(point.log_ratio, vec4f()) - log_share,
    min(-point.log_ratio, vec4f()) - log_share,
    select(1.0 - less, less - 1.0, student_leads) / share,
  );
}
