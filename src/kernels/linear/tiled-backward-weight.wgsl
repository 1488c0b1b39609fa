const A_ALONG = false;
const B_ALONG = false;
fn sum_quads() -> u32 { return (u.rows + 3) / 4; }
fn a_block(row: u32, quad: u32) -> mat4x4f { return dy_block(quad, row); }
fn b_block(quad: u32, column: u32) -> mat4x4f { return x_block(quad, column); }

fn c_put(part: u32, row: u32, column: u32, block: mat4x4f) {
  if (4 * column >= u.inDim) { return; }
  //#each e FOUR
  if (4 * row + $e < u.outDim) { dWeight_put(part * u.outDim + 4 * row + $e, column, block[$e], u.accumulate != 0); }
  //#end
}
