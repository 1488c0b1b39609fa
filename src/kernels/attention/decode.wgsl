// One query token a slot over its cached keys. An invocation owns HEADS queries of one key-value head and every LANES-th block of
// KEYS keys; where there are several lanes, they merge their partial softmaxes at the end. Scores are in units of log 2.
@group(0) @binding(0) var<storage, read> q: array<Element>;
@group(0) @binding(1) var<storage, read> keys: array<Element>;
@group(0) @binding(2) var<storage, read> values: array<Element>;
@group(0) @binding(3) var<storage, read> position: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<Element>;

override LANES = 1u;
override QUERIES = 64u;
// Partial results in a workgroup: LANES × QUERIES × HEADS, or 1 where nothing is shared.
override PARTS = 1u;

var<workgroup> shared_max: array<f32, PARTS>;
var<workgroup> shared_sum: array<f32, PARTS>;
var<workgroup> shared_o: array<Element, PARTS * VECTORS>;

@compute @workgroup_size(LANES, QUERIES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let tiles = u.heads / HEADS;
  let query = (group.y * groups.x + group.x) * QUERIES + local.y;
  let live = query < u.rows * tiles;
  let row = min(query / tiles, u.rows - 1u);
  let head = query % tiles * HEADS;
  let stride = u.kvHeads * VECTORS;
  let kvAt = row * u.capacity * stride + head / (u.heads / u.kvHeads) * VECTORS;
  let last = min(position[row], u.capacity - 1u);
  //#each h HEADS
  let at_$h = (row * u.heads + head + $hu) * VECTORS;
  var q_$h: array<Element, VECTORS>;
  var o_$h: array<Element, VECTORS>;
  //#edge d VECTORS
  q_$h[$d] = q[at_$h + $d];
  //#end
  var max_$h = LOWEST;
  var sum_$h = 0.0;
  //#end
  for (var key = local.x * KEYS; key <= last; key += LANES * KEYS) {
    //#each n KEYS
    let key_$n = key + $nu;
    let kv_$n = kvAt + min(key_$n, last) * stride;
    //#each h HEADS
    var s_$h_$n = 0.0;
    //#end
    //#each d VECTORS
    {
      let x = keys[kv_$n + $d];
      //#each h HEADS
      s_$h_$n += inner(q_$h[$d], x);
      //#end
    }
    //#end
    //#end
    //#each h HEADS
    let before_$h = max_$h;
    //#each n KEYS
    s_$h_$n = select(s_$h_$n * u.scaleLog2, LOWEST, key_$n > last);
    max_$h = max(max_$h, s_$h_$n);
    //#end
    let keep_$h = exp2(before_$h - max_$h);
    sum_$h *= keep_$h;
    //#each n KEYS
    let p_$h_$n = exp2(s_$h_$n - max_$h);
    sum_$h += p_$h_$n;
    //#end
    //#each d VECTORS
    o_$h[$d] *= keep_$h;
    //#end
    //#end
    //#each n KEYS
    //#each d VECTORS
    {
      let x = values[kv_$n + $d];
      //#each h HEADS
      o_$h[$d] += p_$h_$n * x;
      //#end
    }
    //#end
    //#end
  }
  if (LANES == 1u) {
    if (live) {
      //#each h HEADS
      //#edge d VECTORS
      result[at_$h + $d] = o_$h[$d] / sum_$h;
      //#end
      //#end
    }
  } else {
    //#each h HEADS
    shared_max[index * HEADS + $hu] = max_$h;
    shared_sum[index * HEADS + $hu] = sum_$h;
    //#edge d VECTORS
    shared_o[(index * HEADS + $hu) * VECTORS + $d] = o_$h[$d];
    //#end
    //#end
    workgroupBarrier();
    //#each h HEADS
    {
      let mine = local.y * LANES * HEADS + $hu;
      var top = LOWEST;
      for (var l = 0u; l < LANES; l++) { top = max(top, shared_max[mine + l * HEADS]); }
      var total = 0.0;
      for (var l = 0u; l < LANES; l++) {
        total += shared_sum[mine + l * HEADS] * exp2(shared_max[mine + l * HEADS] - top);
      }
      for (var d = local.x; live && d < VECTORS; d += LANES) {
        var o = Element();
        for (var l = 0u; l < LANES; l++) {
          let part = mine + l * HEADS;
          o += exp2(shared_max[part] - top) * shared_o[part * VECTORS + d];
        }
        result[at_$h + d] = o / total;
      }
    }
    //#end
  }
}
