// dW = dyᵀ x without barriers: a sum of outer products. An invocation owns OUTS × INS blocks of 4 × 4 of dW and sums them over one
// part of `span` rows. Parts lie behind each other in dWeight, which is scratch where there are several.
@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let outs = (u.outDim + 3) / 4;
  let ins = (u.inDim + 3) / 4;
  let tilesIn = (ins + INS - 1) / INS;
  let tiles = (outs + OUTS - 1) / OUTS * tilesIn;
  let index = (group.y * groups.x + group.x) * LANES + lane;
  let part = index / tiles;
  if (part >= u.parts) { return; }
  let out = index % tiles / tilesIn * OUTS;
  let inside = index % tilesIn * INS;
  //#each o OUTS
  let fromOut_$o = min(out + $o, outs - 1);
  //#each i INS
  var sum_$o_$i = mat4x4f();
  //#end
  //#end
  //#each i INS
  let fromIn_$i = min(inside + $i, ins - 1);
  //#end
  let end = min((part + 1) * u.span, u.rows);
  for (var row = part * u.span; row < end; row++) {
    //#each i INS
    let x_$i = x_quad(row, fromIn_$i);
    //#end
    //#each o OUTS
    let dy_$o = dy_quad(row, fromOut_$o);
    //#each i INS
    sum_$o_$i += mat4x4f(x_$i * dy_$o.x, x_$i * dy_$o.y, x_$i * dy_$o.z, x_$i * dy_$o.w);
    //#end
    //#end
  }
  //#each o OUTS
  //#each i INS
  put(part, out + $o, inside + $i, sum_$o_$i * u.scale);
  //#end
  //#end
}

fn put(part: u32, row: u32, column: u32, block: mat4x4f) {
  if (4 * column >= u.inDim) { return; }
  //#each e FOUR
  if (4 * row + $e < u.outDim) { dWeight_put(part * u.outDim + 4 * row + $e, column, block[$e], u.accumulate != 0); }
  //#end
}
