// e^x − 1 without cancellation near zero: Taylor's polynomial up to x^8 within ±1/2, where the rest is below 1e-8 of the value.
fn expm1(x: vec4f) -> vec4f {
  var near = 1.0 + x / 8.0;
  near = 1.0 + x / 7.0 * near;
  near = 1.0 + x / 6.0 * near;
  near = 1.0 + x / 5.0 * near;
  near = 1.0 + x / 4.0 * near;
  near = 1.0 + x / 3.0 * near;
  near = 1.0 + x / 2.0 * near;
  return select(exp(x) - 1.0, x * near, abs(x) < vec4f(0.5));
}
