@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read> gain: array<V>;
@group(0) @binding(2) var<storage, read> dy: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;

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
  var dots = V();
  for (var i = local.x; i < end; i += ROW_LANES) {
    let a = x[start + i];
    squares += a * a;
    dots += a * gain[i] * dy[start + i];
  }
  let sums = row_sum(vec2f(total(squares), total(dots)), local);
  let rstd = inverseSqrt(sums.x * u.inverse_dim + u.eps);
  let pull = rstd * rstd * sums.y * u.inverse_dim;
  for (var i = local.x; i < end; i += ROW_LANES) {
    var d = rstd * (gain[i] * dy[start + i] - x[start + i] * pull);
    if (u.accumulate != 0u) {
      d += dx[start + i];
    }
    dx[start + i] = d;
  }
  if (local.x == 0u && row < u.rows) {
    save_rstd(row, rstd);
  }
}
