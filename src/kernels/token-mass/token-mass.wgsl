// One row of logits a query. ROW_LANES invocations share a row, each four neighbouring tokens at a time. Sums are kept for BLOCK
// fours before they join the row's, so that the error of long rows stays small.
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> member: array<u32>;
@group(0) @binding(2) var<storage, read_write> mass: array<f32>;
@group(0) @binding(3) var<storage, read_write> log_odds: array<f32>;

override ROW_LANES: u32 = 64u;
override ROWS_PER_GROUP: u32 = 1u;
const BLOCK = 16u;
// Below every supported logit.
const LOWEST = -1e37;
// Log-odds where one side has no token: infinity is not portable in WGSL.
const CERTAIN = 3e38;

// Of the tokens of the set (x) and of the rest (y): the largest logit, and Σ exp(z − largest).
struct Sides {
  peak: vec2f,
  sum: vec2f,
}

var<workgroup> lane_sides: array<vec4f, ROW_LANES * ROWS_PER_GROUP>;

fn highest(v: vec4f) -> f32 { return max(max(v.x, v.y), max(v.z, v.w)); }

fn across(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

fn logits_at(start: u32, v: u32) -> vec4f {
  let at = start + v;
  return vec4f(logits[at], logits[at + 1u], logits[at + 2u], logits[at + 3u]);
}

fn members_at(v: u32) -> vec4<bool> {
  return vec4u(member[v], member[v + 1u], member[v + 2u], member[v + 3u]) != vec4u(0u);
}

fn present(v: u32) -> vec4<bool> { return vec4u(v, v + 1u, v + 2u, v + 3u) < vec4u(u.vocab); }

fn peaks_of(start: u32, lane: u32) -> vec2f {
  var inside = vec4f(LOWEST);
  var outside = vec4f(LOWEST);
  for (var v = 4u * lane; v < u.vocab; v += 4u * ROW_LANES) {
    let z = select(vec4f(LOWEST), logits_at(start, v), present(v));
    let own = members_at(v);
    inside = max(inside, select(vec4f(LOWEST), z, own));
    outside = max(outside, select(z, vec4f(LOWEST), own));
  }
  return vec2f(highest(inside), highest(outside));
}

fn sums_of(start: u32, lane: u32, peak: vec2f) -> vec2f {
  var sum = vec2f();
  for (var block = 4u * lane; block < u.vocab; block += 4u * BLOCK * ROW_LANES) {
    var inside = vec4f();
    var outside = vec4f();
    let end = min(block + 4u * BLOCK * ROW_LANES, u.vocab);
    for (var v = block; v < end; v += 4u * ROW_LANES) {
      let own = members_at(v);
      let z = logits_at(start, v);
      let e = select(vec4f(), exp(min(z - select(vec4f(peak.y), vec4f(peak.x), own), vec4f())), present(v));
      inside += select(vec4f(), e, own);
      outside += select(e, vec4f(), own);
    }
    sum += vec2f(across(inside), across(outside));
  }
  return sum;
}

// The lanes of a row joined in order; only the first lane's result is whole. Call it in uniform control flow.
fn joined(own: Sides, local: vec3u) -> Sides {
  if (ROW_LANES == 1u) { return own; }
  let first = local.y * ROW_LANES;
  lane_sides[first + local.x] = vec4f(own.peak, own.sum);
  workgroupBarrier();
  var whole = own;
  if (local.x > 0u) { return whole; }
  for (var lane = 1u; lane < ROW_LANES; lane++) { whole.peak = max(whole.peak, lane_sides[first + lane].xy); }
  whole.sum *= exp(own.peak - whole.peak);
  for (var lane = 1u; lane < ROW_LANES; lane++) {
    let other = lane_sides[first + lane];
    whole.sum += other.zw * exp(other.xy - whole.peak);
  }
  return whole;
}

@compute @workgroup_size(ROW_LANES, ROWS_PER_GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local.y;
  var own = Sides(vec2f(LOWEST), vec2f());
  if (row < u.rows) {
    let start = row * u.vocab;
    own.peak = peaks_of(start, local.x);
    own.sum = sums_of(start, local.x, own.peak);
  }
  let sides = joined(own, local);
  if (row >= u.rows || local.x > 0u) { return; }
  if (sides.sum.x == 0.0 || sides.sum.y == 0.0) {
    let all = sides.sum.y == 0.0;
    mass[row] = select(0.0, 1.0, all);
    log_odds[row] = select(-CERTAIN, CERTAIN, all);
    return;
  }
  let weights = sides.sum * exp(sides.peak - max(sides.peak.x, sides.peak.y));
  mass[row] = weights.x / (weights.x + weights.y);
  log_odds[row] = (sides.peak.x - sides.peak.y) + (log(sides.sum.x) - log(sides.sum.y));
}
