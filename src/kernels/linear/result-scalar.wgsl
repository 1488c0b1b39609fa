// NAME, its rows of any length WIDTH, STRIDE apart, from column START of each.
@group(0) @binding(BINDING) var<storage, read_write> NAME: array<f32>;

// Writes what four elements of a row lie inside NAME, or adds to it.
fn NAME_put(row: u32, quad: u32, value: vec4f, keep: bool) {
  let at = row * STRIDE + START + 4 * quad;
  let count = min(4, WIDTH - 4 * quad);
  //#each e FOUR
  if ($e < count) { NAME[at + $e] = value[$e] + select(0.0, NAME[at + $e], keep); }
  //#end
}
