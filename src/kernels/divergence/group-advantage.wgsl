// One row is one group of tokens. r = clip(log q(y) − log p(y), min, max) + offset.
@group(0) @binding(0) var<storage, read_write> metrics: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> group_start: array<u32>;
@group(0) @binding(3) var<storage, read> group_end: array<u32>;
@group(0) @binding(4) var<storage, read_write> advantage: array<f32>;

const METRICS = 8u;
const EPSILON = 1e-6;

fn reward(token: u32) -> f32 {
  let gap = metrics[token * METRICS + 2u] - metrics[token * METRICS + 1u];
  // clamp may turn NaN into a bound: what is not finite stays, so that it shows.
  if ((bitcast<u32>(gap) & 0x7f800000u) == 0x7f800000u) { return gap; }
  return clamp(gap, u.rewardMin, u.rewardMax) + u.rewardOffset;
}

@compute @workgroup_size(ROW_LANES, ROWS_PER_GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let index = row_of(group, groups, local);
  var start = 0u;
  var end = 0u;
  if (index < u.groups) {
    start = group_start[index];
    end = group_end[index];
  }
  var sums = vec2f();
  for (var t = start + local.x; t < end; t += ROW_LANES) {
    if (weight[t] != 0.0) { sums += vec2f(reward(t), 1.0); }
  }
  sums = row_sum(sums, local);
  let count = sums.y;
  let rough = sums.x / max(count, 1.0);
  // Deviations from the rounded mean sum to what the rounding took.
  var deviations = vec2f();
  for (var t = start + local.x; t < end; t += ROW_LANES) {
    if (weight[t] != 0.0) {
      let d = reward(t) - rough;
      deviations += vec2f(d, d * d);
    }
  }
  deviations = row_sum(deviations, local);
  let correction = deviations.x / max(count, 1.0);
  let variance = (deviations.y - deviations.x * correction) / max(count - 1.0, 1.0);
  let deviation = sqrt(max(variance, 0.0));
  for (var t = start + local.x; t < end; t += ROW_LANES) {
    var value = 0.0;
    if (weight[t] != 0.0) { value = (reward(t) - rough - correction) / (deviation + EPSILON); }
    advantage[t] = value;
    metrics[t * METRICS] = -value * metrics[t * METRICS + 1u];
  }
}
