// y = x Wᵀ for few rows. A workgroup owns a quad of columns of ROWS rows; its 64 invocations share the sum over inDim, so that each
// weight is read once, and meet in shared memory.
var<workgroup> sums: array<vec4f, 64 * ROWS>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let quads = (u.inDim + 3) / 4;
  let column = group.x;
  let first = group.y * ROWS;
  //#each r ROWS
  let row_$r = min(first + $r, u.rows - 1);
  var sum_$r = vec4f();
  //#end
  for (var quad = lane; quad < quads; quad += 64) {
    let w = weight_block(column, quad);
    //#each r ROWS
    sum_$r += x_quad(row_$r, quad) * w;
    //#end
  }
  //#each r ROWS
  sums[lane * ROWS + $r] = sum_$r;
  //#end
  workgroupBarrier();
  let row = first + lane;
  if (lane >= ROWS || row >= u.rows) { return; }
  var sum = vec4f();
  for (var other = 0u; other < min(64, quads); other++) { sum += sums[other * ROWS + lane]; }
  let bias = select(vec4f(), bias_quad(0, column), u.bias != 0);
  y_put(row, column, sum * u.scale + bias, u.accumulate != 0);
}
