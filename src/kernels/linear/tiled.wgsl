// C = A B in tiles of 4 EDGE × 4 EDGE elements, for adapters whose workgroups share fast memory. In each round the 64 invocations
// stage a block of 4 × 4 of A and one of B each, and every one sums MICRO × MICRO blocks of C. `a_block`, `b_block` and `c_put`
// say what A, B and C are; all coordinates are in quads. The tile's part of the sum has `span` quads.
const EDGE = 8 * MICRO;
const DEPTH = 64 / EDGE;
var<workgroup> tileA: array<vec4f, 256>;
var<workgroup> tileB: array<vec4f, 256>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * EDGE;
  let column = group.x * EDGE;
  // Neighbours read neighbours: along the rows of the tensor, whichever side of the product those are.
  let along = vec2u(lane % DEPTH, lane / DEPTH);
  let across = vec2u(lane / EDGE, lane % EDGE);
  let a = select(across, along, A_ALONG);
  let b = select(across, along, B_ALONG);
  let own = vec2u(lane / 8, lane % 8);
  //#each i MICRO
  //#each j MICRO
  var sum_$i_$j = mat4x4f();
  //#end
  //#end
  let end = min((group.z + 1) * u.span, sum_quads());
  for (var quad = group.z * u.span; quad < end; quad += DEPTH) {
    let blockA = a_block(row + a.y, quad + a.x);
    let blockB = b_block(quad + b.x, column + b.y);
    workgroupBarrier();
    //#each e FOUR
    tileA[(4 * a.x + $e) * EDGE + a.y] = blockA[$e];
    tileB[(4 * b.x + $e) * EDGE + b.y] = blockB[$e];
    //#end
    workgroupBarrier();
    for (var k = 0u; k < 4 * DEPTH; k++) {
      //#each j MICRO
      let b_$j = tileB[k * EDGE + own.y + 8 * $j];
      //#end
      //#each i MICRO
      let a_$i = tileA[k * EDGE + own.x + 8 * $i];
      //#each j MICRO
      sum_$i_$j += mat4x4f(b_$j * a_$i.x, b_$j * a_$i.y, b_$j * a_$i.z, b_$j * a_$i.w);
      //#end
      //#end
    }
  }
  //#each i MICRO
  //#each j MICRO
  c_put(group.z, row + own.x + 8 * $i, column + own.y + 8 * $j, sum_$i_$j * u.scale);
  //#end
  //#end
}
