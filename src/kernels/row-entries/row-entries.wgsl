// The first k entries of each row by size, and the target token's. ROW_LANES invocations share a row: lane l reads the entries
// l, l + ROW_LANES, … and keeps its own first k; the first lane joins the lists.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> target_id: array<u32>;
@group(0) @binding(2) var<storage, read_write> ids: array<u32>;
@group(0) @binding(3) var<storage, read_write> values: array<f32>;

override ROW_LANES: u32 = 64u;
override ROWS_PER_GROUP: u32 = 1u;
const MOST = 8u;
// Entries of a lane that are summed before they join its sum, so that the error of long rows stays small.
const BLOCK = 64u;
// Below every supported entry.
const LOWEST = -3e38;

// In order; what is not filled lies below every entry.
struct List {
  value: array<f32, MOST>,
  id: array<u32, MOST>,
}

var<workgroup> lane_values: array<f32, ROW_LANES * ROWS_PER_GROUP * MOST>;
var<workgroup> lane_ids: array<u32, ROW_LANES * ROWS_PER_GROUP * MOST>;
var<workgroup> lane_sums: array<f32, ROW_LANES * ROWS_PER_GROUP>;

// Of equal entries the lowest id is first.
fn before(a: f32, a_id: u32, b: f32, b_id: u32) -> bool { return a > b || (a == b && a_id < b_id); }

fn offer(list: ptr<function, List>, value: f32, id: u32) {
  var at = u.k - 1u;
  if (!before(value, id, (*list).value[at], (*list).id[at])) { return; }
  for (; at > 0u && before(value, id, (*list).value[at - 1u], (*list).id[at - 1u]); at--) {
    (*list).value[at] = (*list).value[at - 1u];
    (*list).id[at] = (*list).id[at - 1u];
  }
  (*list).value[at] = value;
  (*list).id[at] = id;
}

// The first lane's list becomes the row's. Call it in uniform control flow.
fn join_lists(list: ptr<function, List>, local: vec3u) {
  if (ROW_LANES == 1u) { return; }
  let first = local.y * ROW_LANES;
  for (var i = 0u; i < u.k; i++) {
    lane_values[(first + local.x) * MOST + i] = (*list).value[i];
    lane_ids[(first + local.x) * MOST + i] = (*list).id[i];
  }
  workgroupBarrier();
  if (local.x > 0u) { return; }
  for (var other = (first + 1u) * MOST; other < (first + ROW_LANES) * MOST; other += MOST) {
    for (var i = 0u; i < u.k; i++) { offer(list, lane_values[other + i], lane_ids[other + i]); }
  }
}

// log Σ exp x of the row in the first lane. Call it in uniform control flow, with the row's list in the first lane.
fn log_mass(start: u32, count: u32, peak: f32, local: vec3u) -> f32 {
  let first = local.y * ROW_LANES;
  var reference = peak;
  if (ROW_LANES > 1u) {
    if (local.x == 0u) { lane_sums[first] = peak; }
    workgroupBarrier();
    reference = lane_sums[first];
    workgroupBarrier();
  }
  var sum = 0.0;
  for (var block = local.x; block < count; block += BLOCK * ROW_LANES) {
    let end = min(count, block + BLOCK * ROW_LANES);
    var part = 0.0;
    for (var v = block; v < end; v += ROW_LANES) { part += exp(x[start + v] - reference); }
    sum += part;
  }
  if (ROW_LANES > 1u) {
    lane_sums[first + local.x] = sum;
    workgroupBarrier();
    sum = 0.0;
    for (var lane = 0u; lane < ROW_LANES; lane++) { sum += lane_sums[first + lane]; }
  }
  return log(sum);
}

@compute @workgroup_size(ROW_LANES, ROWS_PER_GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local.y;
  let start = (u.xStart + row) * u.vocab;
  // Rows past the last only take part in the barriers.
  let count = select(0u, u.vocab, row < u.rows);
  var list: List;
  for (var i = 0u; i < MOST; i++) { list.value[i] = LOWEST; }
  for (var v = local.x; v < count; v += ROW_LANES) { offer(&list, u.sign * x[start + v], v); }
  join_lists(&list, local);
  var shift = vec2f();
  if (u.logProbs != 0u) {
    // Two parts, so that what is large is taken away first.
    shift = vec2f(list.value[0], log_mass(start, count, list.value[0], local));
  }
  if (count == 0u || local.x > 0u) { return; }
  let token = u.rowStart + row;
  for (var i = 0u; i < u.k; i++) {
    ids[token * u.k + i] = list.id[i];
    values[token * (u.k + 1u) + i] = (u.sign * list.value[i] - shift.x) - shift.y;
  }
  let own = x[start + min(target_id[token], u.vocab - 1u)];
  values[token * (u.k + 1u) + u.k] = (own - shift.x) - shift.y;
}
