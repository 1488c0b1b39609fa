// dk and dv by their owners. An invocation owns TOKENS keys of one key-value head and walks every query of its group's heads that may
// see them; as in forward, a workgroup walks the same queries and masks. With s in units of log 2, from the saved log-sum-exp:
//   p = 2^(s − lse),  ds = p · (dOut · v − delta),  dv += p · dOut,  dk += ds · q · scale
@group(0) @binding(0) var<storage, read> q: array<Element>;
@group(0) @binding(1) var<storage, read> k: array<Element>;
@group(0) @binding(2) var<storage, read> v: array<Element>;
@group(0) @binding(3) var<storage, read> dResult: array<Element>;
@group(0) @binding(4) var<storage, read> pairs: array<f32>;
@group(0) @binding(5) var<storage, read> seqEnd: array<u32>;
@group(0) @binding(6) var<storage, read_write> dk: array<Element>;
@group(0) @binding(7) var<storage, read_write> dv: array<Element>;

@compute @workgroup_size(HEAD_LANES, TOKEN_LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) lane: vec3u,
) {
  let at = owned(group, groups, lane, u.kvHeads, 1u);
  let kvHead = at.head;
  let first = at.first;
  if (first >= u.rows) { return; }
  let end = seqEnd[min(first + TOKEN_LANES * TOKENS, u.rows) - 1u];
  let share = u.heads / u.kvHeads;
  //#each t TOKENS
  let token_$t = first + $tu * TOKEN_LANES + lane.y;
  let row_$t = min(token_$t, u.rows - 1u);
  let end_$t = seqEnd[row_$t];
  let at_$t = (row_$t * u.kvHeads + kvHead) * VECTORS;
  var k_$t: array<Element, VECTORS>;
  var v_$t: array<Element, VECTORS>;
  var dk_$t: array<Element, VECTORS>;
  var dv_$t: array<Element, VECTORS>;
  //#edge d VECTORS
  k_$t[$d] = k[at_$t + $d];
  v_$t[$d] = v[at_$t + $d];
  //#end
  //#end
  for (var head = kvHead * share; head < (kvHead + 1u) * share; head++) {
    for (var query = first; query < end; query++) {
      let row = query * u.heads + head;
      let lse = pairs[row * u.headDim];
      let delta = pairs[row * u.headDim + 1u];
      //#each d VECTORS
      let q_$d = q[row * VECTORS + $d];
      let g_$d = dResult[row * VECTORS + $d];
      //#end
      //#each t TOKENS
      let dot_$t = 0.0
      //#each d VECTORS
        + inner(q_$d, k_$t[$d])
      //#end
        ;
      let dp_$t = 0.0
      //#each d VECTORS
        + inner(g_$d, v_$t[$d])
      //#end
        ;
      let hidden_$t = query < token_$t || query >= end_$t;
      let p_$t = exp2(select(dot_$t * u.scaleLog2 - lse, LOWEST, hidden_$t));
      let ds_$t = p_$t * (dp_$t - delta);
      //#end
      //#each d VECTORS
      //#each t TOKENS
      dv_$t[$d] += p_$t * g_$d;
      dk_$t[$d] += ds_$t * q_$d;
      //#end
      //#end
    }
  }
  //#each t TOKENS
  if (token_$t < u.rows) {
    //#edge d VECTORS
    dk[at_$t + $d] = dk_$t[$d] * u.scale;
    dv[at_$t + $d] = dv_$t[$d];
    //#end
  }
  //#end
}
