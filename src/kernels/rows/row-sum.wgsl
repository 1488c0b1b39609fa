override ROW_LANES = 1u;
override ROWS_PER_GROUP = 64u;

var<workgroup> lane_sums: array<vec2f, ROW_LANES * ROWS_PER_GROUP>;

// The row that an invocation works on.
fn row_of(group: vec3u, groups: vec3u, local: vec3u) -> u32 {
  return (group.y * groups.x + group.x) * ROWS_PER_GROUP + local.y;
}

// Sums of a row over its lanes, known to all of them afterwards; the order is fixed. Call it in uniform control flow.
fn row_sum(value: vec2f, local: vec3u) -> vec2f {
  if (ROW_LANES == 1u) {
    return value;
  }
  let first = local.y * ROW_LANES;
  let own = first + local.x;
  lane_sums[own] = value;
  workgroupBarrier();
  for (var half = ROW_LANES / 2u; half > 0u; half /= 2u) {
    if (local.x < half) {
      lane_sums[own] += lane_sums[own + half];
    }
    workgroupBarrier();
  }
  let sum = lane_sums[first];
  workgroupBarrier();
  return sum;
}
