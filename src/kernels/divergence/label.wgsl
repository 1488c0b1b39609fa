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
  let lead = joinLeads(at, mat2x3f(studentLead(at, own), vec3f()))[0];
  let r = raised(own, lead.x);
  var target_logit = 0.0;
  if (ownsTarget(at, id)) { target_logit = loadStudent(at.row, id / 4u)[id % 4u] - r.reference; }
  let sums = joinSums(at, mat4x4f(vec4f(r.mass, r.moment, target_logit, 0.0), vec4f(), vec4f(), vec4f()))[0];
  if (at.blocks == 0u) { return; }
  let side = Side(r.reference, sums.x, sums.y, lead.y, 0u);
  let log_mass = log(side.mass);
  let log_p = sums.z - log_mass;
  var result = label(at.token, log_p);
  // The exponential of a NaN is a number on some adapters; its moment is not, and neither loss nor gradient may look healthy.
  if (notFinite(side.moment)) { result.x = side.moment; }
  if (at.lane == 0u) {
    let start = at.token * METRICS;
    metrics[start] = result.x;
    metrics[start + 1u] = log_p;
    metrics[start + 3u] = entropyOf(side);
    metrics[start + 6u] = select(0.0, 1.0, lead.z == f32(id));
  }
  if (u.gradient == 0u) { return; }
  var factor = weight[at.token] * result.y;
  if (notFinite(result.x) && weight[at.token] != 0.0) { factor = result.x; }
  if (factor == 0.0) {
    for (var block = at.lane; block < at.blocks; block += ROW_LANES) { storeStudent(at.row, block, vec4f()); }
    return;
  }
  for (var block = at.lane; block < at.blocks; block += ROW_LANES) {
    var p = exp(loadStudent(at.row, block) - side.reference - log_mass);
    if (block == id / 4u) { p[id % 4u] -= 1.0; }
    storeStudent(at.row, block, factor * p);
  }
}
