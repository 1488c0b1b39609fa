@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read_write> current: array<u32>;
@group(0) @binding(2) var<storage, read_write> position: array<u32>;
@group(0) @binding(3) var<storage, read_write> done: array<u32>;
@group(0) @binding(4) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(5) var<storage, read_write> log_probs: array<f32>;
@group(0) @binding(6) var<storage, read_write> entropies: array<f32>;

// Where a walk over a lane's stretch of the vocabulary stopped: the first token at which `base` plus the mass so far
// exceeds `goal`, or else the last one that has mass.
struct Walk {
  mass: f32,
  token: u32,
}

fn walk(row: Row, kept_from: u32, base: f32, goal: f32) -> Walk {
  let stretch = (row.length + 4u * ROW_LANES - 1u) / (4u * ROW_LANES) * 4u;
  let last = min((row.lane + 1u) * stretch, row.length);
  var mass_so_far = 0.0;
  // The last four tokens that had mass, and the mass before them.
  var stop = row.lane * stretch;
  var stop_before = base;
  var found = false;
  for (var block = stop; block < last && !found; block += 4u * BLOCK) {
    var part = 0.0;
    let end = min(block + 4u * BLOCK, last);
    for (var v = block; v < end && !found; v += 4u) {
      let four = logits_at(row, v);
      let mass = total(masses_of(four, keys_of(four, row, v) >= vec4u(kept_from), row));
      if (mass > 0.0) {
        stop = v;
        stop_before = base + (mass_so_far + part);
        part += mass;
        found = base + (mass_so_far + part) > goal;
      }
    }
    mass_so_far += part;
  }
  let four = logits_at(row, stop);
  let masses = masses_of(four, keys_of(four, row, stop) >= vec4u(kept_from), row);
  var token = stop;
  var sum = 0.0;
  for (var c = 0u; c < 4u; c++) {
    if (masses[c] > 0.0) {
      token = stop + c;
      sum += masses[c];
      if (stop_before + sum > goal) {
        break;
      }
    }
  }
  return Walk(mass_so_far, token);
}

// Inverse CDF over the kept tokens in ascending id. Only the lane that owns the drawn token returns it; the others
// return `u.vocab`. Where nothing has mass, as in a row of NaNs, the token is 0.
fn draw(row: Row, kept_from: u32, uniform_draw: f32) -> u32 {
  let own = walk(row, kept_from, 0.0, 0x1.fffffep+127f).mass;
  let sums = prefix(own, row.lane);
  let base = sums.x;
  let total = sums.y;
  let goal = uniform_draw * total;
  if (goal < total) {
    // Neighbouring lanes compute one boundary from the same sums, so exactly one lane owns the goal.
    if (base <= goal && goal < base + own) {
      return walk(row, kept_from, base, goal).token;
    }
    return u.vocab;
  }
  return select(u.vocab, 0u, row.lane == 0u);
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
  var row = Row(index * u.vocab, select(u.vocab, 0u, asleep), local.x, 0.0);

  let max_key = max_key_of(row);
  row.max = logit_of(max_key);
  let sums = unscaled_sums(row);

  // Greedy is the first of the tokens with the largest logit: a draw of zero among them.
  var kept_from = max_key;
  var uniform_draw = 0.0;
  if (u.greedy == 0u) {
    kept_from = filtered(row, 1u, max_key);
    uniform_draw = uniform24(philox4x32(vec4u(u.step, index, 0u, 0u), vec2u(u.seed, u.stream)).x);
  }
  let token = draw(row, kept_from, uniform_draw);

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
    if (any(vec4u(token) == vec4u(u.eos0, u.eos1, u.eos2, u.eos3))) {
      done[index] = 1u;
    }
  }
}
