@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read_write> current: array<u32>;
@group(0) @binding(2) var<storage, read_write> position: array<u32>;
@group(0) @binding(3) var<storage, read_write> done: array<u32>;
@group(0) @binding(4) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(5) var<storage, read_write> log_probs: array<f32>;
@group(0) @binding(6) var<storage, read_write> entropies: array<f32>;

var<workgroup> lane_masses: array<f32, ROW_LANES * ROWS_PER_GROUP>;

// Where a walk over a lane's stretch of the vocabulary stopped: the first token at which `base` plus the mass so far
// exceeds `goal`, or else the last one that has mass.
struct Walk {
  mass: f32,
  token: u32,
}

fn walk(row: Row, kept_from: u32, base: f32, goal: f32) -> Walk {
  let stretch = (row.length + ROW_LANES - 1u) / ROW_LANES;
  let last = min((row.lane + 1u) * stretch, row.length);
  var result = Walk(0.0, 0u);
  for (var block = row.lane * stretch; block < last; block += BLOCK) {
    var part = 0.0;
    let end = min(block + BLOCK, last);
    for (var v = block; v < end; v++) {
      let logit = logits[row.start + v];
      if (key_of(logit) >= kept_from) {
        let mass = mass_of(logit, row);
        if (mass > 0.0) {
          part += mass;
          result.token = v;
          if (base + (result.mass + part) > goal) {
            return result;
          }
        }
      }
    }
    result.mass += part;
  }
  return result;
}

// Inverse CDF over the kept tokens in ascending id. Only the lane that owns the drawn token returns it; the others
// return `u.vocab`.
fn draw(row: Row, index: u32, kept_from: u32, best: u32) -> u32 {
  let own = walk(row, kept_from, 0.0, 0x1.fffffep+127f).mass;
  var base = 0.0;
  var total = own;
  if (ROW_LANES > 1u) {
    lane_masses[row.first_slot + row.lane] = own;
    workgroupBarrier();
    total = 0.0;
    for (var lane = 0u; lane < ROW_LANES; lane++) {
      base = select(base, total, lane == row.lane);
      total += lane_masses[row.first_slot + lane];
    }
  }
  let goal = uniform24(philox4x32(vec4u(u.step, index, 0u, 0u), vec2u(u.seed, u.stream)).x) * total;
  if (goal < total) {
    // Neighbouring lanes compute one boundary from the same sums, so exactly one lane owns the goal.
    if (base <= goal && goal < base + own) {
      return walk(row, kept_from, base, goal).token;
    }
    return u.vocab;
  }
  return select(u.vocab, best, row.lane == 0u);
}

@compute @workgroup_size(ROW_LANES, ROWS_PER_GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let index = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local.y;
  let inside = index < u.batch;
  let asleep = !inside || done[index] != 0u;
  var row = Row(index * u.vocab, select(u.vocab, 0u, asleep), local.x, local.y * ROW_LANES, 0.0, 0u);

  let found = find_max(row);
  let best = found.y;
  row.max_key = found.x;
  row.max = logits[row.start + best];
  let sums = unscaled_sums(row);

  var token = select(u.vocab, best, local.x == 0u);
  if (u.greedy == 0u) {
    var kept_from = 1u;
    if (u.top_k > 0u) {
      kept_from = threshold(row, kept_from, f32(u.top_k), false);
    }
    if (u.top_p < 1.0) {
      let kept = weigh(row, row.length, kept_from - 1u, true, 0u, 0u).sum.x;
      kept_from = threshold(row, kept_from, u.top_p * kept, true);
    }
    token = draw(row, index, kept_from, best);
  }

  let at = index * u.capacity + u.step;
  if (inside && asleep && local.x == 0u) {
    tokens[at] = u.pad;
  }
  if (!asleep && token < u.vocab) {
    let log_sum = log(sums.x);
    tokens[at] = token;
    log_probs[at] = logits[row.start + token] - row.max - log_sum;
    entropies[at] = log_sum - sums.y / sums.x;
    current[index] = token;
    position[index] += 1u;
    if (token == u.eos) {
      done[index] = 1u;
    }
  }
}
