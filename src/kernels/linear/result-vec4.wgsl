// NAME, its rows made of whole vec4, STRIDE apart, from column START of each.
@group(0) @binding(BINDING) var<storage, read_write> NAME: array<vec4f>;

// Writes four elements of a row, or adds to them. What is not kept may be NaN, so it is selected, not multiplied, away.
fn NAME_put(row: u32, quad: u32, value: vec4f, keep: bool) {
  let at = row * (STRIDE / 4) + START / 4 + quad;
  NAME[at] = value + select(vec4f(), NAME[at], keep);
}
