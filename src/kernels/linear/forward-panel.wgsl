// y = x Wᵀ without barriers. An invocation owns TILES quads of columns of `span` rows. It keeps a panel of W, TILES × DEPTH blocks
// of 4 × 4, as invariants of the loop in which the rows of x stream by, adds to y, and takes the next panel: a value of x serves
// 4 TILES sums, one of W `span` of them, and the code stays small. Software adapters pay for loads and code, little for sums.
@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let quads = (u.inDim + 3) / 4;
  let columns = (u.outDim + 3) / 4;
  let tiles = (columns + TILES - 1) / TILES;
  let index = (group.y * groups.x + group.x) * LANES + lane;
  let column = index % tiles * TILES;
  let first = index / tiles * u.span;
  if (first >= u.rows) { return; }
  let end = min(first + u.span, u.rows);
  for (var quad = 0u; quad < quads; quad += DEPTH) {
    let keep = quad > 0 || u.accumulate != 0;
    let biased = quad == 0 && u.bias != 0;
    //#each t TILES
    let start_$t = select(vec4f(), bias_quad(0, min(column + $t, columns - 1)), biased);
    //#end
    //#each q DEPTH
    let from_$q = min(quad + $q, quads - 1);
    //#each t TILES
    let w_$q_$t = weight_block(column + $t, quad + $q) * u.scale;
    //#end
    //#end
    for (var row = first; row < end; row++) {
      //#each t TILES
      var sum_$t = start_$t;
      //#end
      //#each q DEPTH
      let x_$q = x_quad(row, from_$q);
      //#each t TILES
      sum_$t += x_$q * w_$q_$t;
      //#end
      //#end
      //#each t TILES
      //#each g GUARD
      if (column + $t >= columns) { continue; }
      //#end
      y_put(row, column + $t, sum_$t, keep);
      //#end
    }
  }
}
