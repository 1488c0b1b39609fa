// dq by its owner: as in forward, an invocation owns TOKENS × HEADS queries of one key-value head. With s in units of log 2:
//   p = 2^(s − lse),  dq += p · (dOut · v − delta) · k · scale
@group(0) @binding(0) var<storage, read> q: array<Element>;
@group(0) @binding(1) var<storage, read> k: array<Element>;
@group(0) @binding(2) var<storage, read> v: array<Element>;
@group(0) @binding(3) var<storage, read> dResult: array<Element>;
@group(0) @binding(4) var<storage, read> logSumExp: array<f32>;
@group(0) @binding(5) var<storage, read> delta: array<f32>;
@group(0) @binding(6) var<storage, read> seqStart: array<u32>;
@group(0) @binding(7) var<storage, read_write> dq: array<Element>;

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
  let query_$t_$h = row_$t * u.heads + head + $hu;
  let lse_$t_$h = logSumExp[query_$t_$h] * LOG2E;
  let delta_$t_$h = delta[query_$t_$h];
  var q_$t_$h: array<Element, VECTORS>;
  var g_$t_$h: array<Element, VECTORS>;
  var dq_$t_$h: array<Element, VECTORS>;
  //#edge d VECTORS
  q_$t_$h[$d] = q[query_$t_$h * VECTORS + $d];
  g_$t_$h[$d] = dResult[query_$t_$h * VECTORS + $d];
  //#end
  //#end
  //#end
  for (var key = seqStart[first]; key < end; key++) {
    let kv = key * stride + kvAt;
    //#each d VECTORS
    let k_$d = k[kv + $d];
    let v_$d = v[kv + $d];
    //#end
    //#each t TOKENS
    let hidden_$t = key < start_$t || key > token_$t;
    //#each h HEADS
    let dot_$t_$h = 0.0
    //#each d VECTORS
      + inner(q_$t_$h[$d], k_$d)
    //#end
      ;
    let dp_$t_$h = 0.0
    //#each d VECTORS
      + inner(g_$t_$h[$d], v_$d)
    //#end
      ;
    let p_$t_$h = exp2(select(dot_$t_$h * u.scaleLog2 - lse_$t_$h, LOWEST, hidden_$t));
    let ds_$t_$h = p_$t_$h * (dp_$t_$h - delta_$t_$h);
    //#end
    //#end
    //#each d VECTORS
    //#each t TOKENS
    //#each h HEADS
    dq_$t_$h[$d] += ds_$t_$h * k_$d;
    //#end
    //#end
    //#end
  }
  //#each t TOKENS
  if (token_$t < u.rows) {
    //#each h HEADS
    //#edge d VECTORS
    dq[query_$t_$h * VECTORS + $d] = dq_$t_$h[$d] * u.scale;
    //#end
    //#end
  }
  //#end
}
