// Causal attention of packed sequences. An invocation owns TOKENS × HEADS queries that read one key-value head and streams over the
// keys in blocks of KEYS, with a running maximum per query. A workgroup walks the keys that any of its tokens needs: its addresses
// are uniform, and no invocation idles or diverges; the keys of others are masked. Scores are in units of log 2.
@group(0) @binding(0) var<storage, read> q: array<Element>;
@group(0) @binding(1) var<storage, read> k: array<Element>;
@group(0) @binding(2) var<storage, read> v: array<Element>;
@group(0) @binding(3) var<storage, read> seqStart: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<Element>;
@group(0) @binding(5) var<storage, read_write> logSumExp: array<f32>;

@compute @workgroup_size(HEAD_LANES, TOKEN_LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) lane: vec3u,
) {
  let at = owned(group, groups, lane, u.heads, HEADS);
  let head = at.head;
  let first = at.first;
  if (first >= u.rows) { return; }
  let end = min(first + TOKEN_LANES * TOKENS, u.rows);
  let stride = u.kvHeads * VECTORS;
  let kvAt = head / (u.heads / u.kvHeads) * VECTORS;
  //#each t TOKENS
  let token_$t = first + $tu * TOKEN_LANES + lane.y;
  let row_$t = min(token_$t, u.rows - 1u);
  let start_$t = seqStart[row_$t];
  //#each h HEADS
  let at_$t_$h = (row_$t * u.heads + head + $hu) * VECTORS;
  var q_$t_$h: array<Element, VECTORS>;
  var o_$t_$h: array<Element, VECTORS>;
  //#edge d VECTORS
  q_$t_$h[$d] = q[at_$t_$h + $d];
  //#end
  var max_$t_$h = LOWEST;
  var sum_$t_$h = 0.0;
  //#end
  //#end
  for (var key = seqStart[first]; key < end; key += KEYS) {
    //#each n KEYS
    let key_$n = key + $nu;
    let kv_$n = min(key_$n, end - 1u) * stride + kvAt;
    //#each d VECTORS
    let k_$n_$d = k[kv_$n + $d];
    //#end
    //#each t TOKENS
    let hidden_$t_$n = key_$n < start_$t || key_$n > token_$t;
    //#each h HEADS
    let dot_$t_$h_$n = 0.0
    //#each d VECTORS
      + inner(q_$t_$h[$d], k_$n_$d)
    //#end
      ;
    let s_$t_$h_$n = select(dot_$t_$h_$n * u.scaleLog2, LOWEST, hidden_$t_$n);
    //#end
    //#end
    //#end
    //#each t TOKENS
    //#each h HEADS
    let before_$t_$h = max_$t_$h;
    //#each n KEYS
    max_$t_$h = max(max_$t_$h, s_$t_$h_$n);
    //#end
    let keep_$t_$h = exp2(before_$t_$h - max_$t_$h);
    //#each n KEYS
    let p_$t_$h_$n = exp2(s_$t_$h_$n - max_$t_$h);
    //#end
    sum_$t_$h = sum_$t_$h * keep_$t_$h
    //#each n KEYS
      + p_$t_$h_$n
    //#end
      ;
    //#end
    //#end
    //#each d VECTORS
    //#each n KEYS
    let v_$n_$d = v[kv_$n + $d];
    //#end
    //#each t TOKENS
    //#each h HEADS
    o_$t_$h[$d] = o_$t_$h[$d] * keep_$t_$h
    //#each n KEYS
      + p_$t_$h_$n * v_$n_$d
    //#end
      ;
    //#end
    //#end
    //#end
  }
  //#each t TOKENS
  if (token_$t < u.rows) {
    //#each h HEADS
    //#edge d VECTORS
    result[at_$t_$h + $d] = o_$t_$h[$d] / sum_$t_$h;
    //#end
    logSumExp[row_$t * u.heads + head + $hu] = (max_$t_$h + log2(sum_$t_$h)) * LN2;
    //#end
  }
  //#end
}
