// exp of a negative number only, so nothing overflows: exp(g) / (1 + exp(g)) for g < 0, 1 / (1 + exp(-g)) else.
fn sigmoid(g: vec4f) -> vec4f {
  let e = exp(-abs(g));
  return select(e, vec4f(1.0), g >= vec4f()) / (1.0 + e);
}

