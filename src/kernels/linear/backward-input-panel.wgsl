// dx = dy W without barriers: as forward-panel.wgsl, with the blocks of W from the other side.
@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let quads = (u.outDim + 3) / 4;
  let columns = (u.inDim + 3) / 4;
  let tiles = (columns + TILES - 1) / TILES;
  let index = (group.y * groups.x + group.x) * LANES + lane;
  let column = index % tiles * TILES;
  let first = index / tiles * u.span;
  if (first >= u.rows) { return; }
  let end = min(first + u.span, u.rows);
  for (var quad = 0u; quad < quads; quad += DEPTH) {
    let keep = quad > 0 || u.accumulate != 0;
    //#each q DEPTH
    let from_$q = min(quad + $q, quads - 1);
    //#each t TILES
    let w_$q_$t = weight_block(quad + $q, column + $t) * u.scale;
    //#end
    //#end
    for (var row = first; row < end; row++) {
      //#each t TILES
      var sum_$t = vec4f();
      //#end
      //#each q DEPTH
      let dy_$q = dy_quad(row, from_$q);
      //#each t TILES
      sum_$t += w_$q_$t * dy_$q;
      //#end
      //#end
      //#each t TILES
      //#each g GUARD
      if (column + $t >= columns) { continue; }
      //#end
      dx_put(row, column + $t, sum_$t, keep);
      //#end
    }
  }
}
