@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read> gain: array<V>;
@group(0) @binding(2) var<storage, read_write> y: array<V>;

@compute @workgroup_size(ROW_LANES, ROWS_PER_GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let row = row_of(group, groups, local);
  let start = row * u.width;
  let end = select(0u, u.width, row < u.rows);
  var squares = V();
  for (var i = local.x; i < end; i += ROW_LANES) {
    let a = x[start + i];
    squares += a * a;
  }
  let sum = row_sum(vec2f(total(squares), 0.0), local).x;
  let rstd = inverseSqrt(sum * u.inverse_dim + u.eps);
  for (var i = local.x; i < end; i += ROW_LANES) {
    y[start + i] = x[start + i] * rstd * gain[i];
  }
}
