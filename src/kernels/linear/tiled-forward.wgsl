const A_ALONG = true;
const B_ALONG = true;
fn sum_quads() -> u32 { return (u.inDim + 3) / 4; }
fn a_block(row: u32, quad: u32) -> mat4x4f { return transpose(x_block(row, quad)); }
fn b_block(quad: u32, column: u32) -> mat4x4f { return transpose(weight_block(column, quad)); }

fn c_put(part: u32, row: u32, column: u32, block: mat4x4f) {
  if (4 * column >= u.outDim) { return; }
  let bias = select(vec4f(), bias_quad(0, column), u.bias != 0);
  //#each e FOUR
  if (4 * row + $e < u.rows) { y_put(4 * row + $e, column, block[$e] + bias, u.accumulate != 0); }
  //#end
}
