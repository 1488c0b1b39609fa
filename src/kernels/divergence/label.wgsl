// Objectives that know the target token y alone: loss(log p(y)) with p = softmax(z_S), whose gradient is a multiple of
// p − onehot(y). The objective comes from a file of its own, which defines
//   label(token, log_p): the loss, and −∂loss/∂ log p(y), the factor of p − onehot(y).
// Columns of the metrics that need a teacher stay as they are.
@compute @workgroup_size(ROW_LANES, ROWS_PER_GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let at = placeOf(group, groups, local);
  let id = targetOf(at);
  let own = studentSide(at);
  let peak = rowMax(at, vec2f(own.peak)).x;
  let top = -rowMax(at, vec2f(-f32(studentTop(at, own, peak)))).x;
  var side = raised(own, peak);
  var target_logit = 0.0;
  if (ownTarget(at, id)) { target_logit = loadStudent(at.row, id / 4u)[id % 4u] - peak; }
  let sums = rowSum(at, vec4f(side.mass, side.moment, target_logit, 0.0));
  if (at.blocks == 0u) { return; }
  side.mass = sums.x;
  side.moment = sums.y;
  let log_mass = log(side.mass);
  let log_p = sums.z - log_mass;
  let result = label(at.token, log_p);
  if (at.lane == 0u) {
    let start = at.token * METRICS;
    metrics[start] = result.x;
    metrics[start + 1u] = log_p;
    metrics[start + 3u] = entropyOf(side);
    metrics[start + 6u] = select(0.0, 1.0, top == f32(id));
  }
  if (u.gradient == 0u) { return; }
  let factor = weight[at.token] * result.y;
  if (factor == 0.0) {
    for (var block = at.lane; block < at.blocks; block += ROW_LANES) { storeStudent(at.row, block, vec4f()); }
    return;
  }
  for (var block = at.lane; block < at.blocks; block += ROW_LANES) {
    var p = exp(loadStudent(at.row, block) - peak - log_mass);
    if (block == id / 4u) { p[id % 4u] -= 1.0; }
    storeStudent(at.row, block, factor * p);
  }
}
