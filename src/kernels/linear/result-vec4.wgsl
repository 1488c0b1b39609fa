// NAME, its rows made of whole vec4, width WIDTH.
@group(0) @binding(BINDING) var<storage, read_write> NAME: array<vec4f>;

// Writes four elements of a row, or adds to them. What is not kept may be NaN, so it is selected, not multiplied, away.
fn NAME_put(row: u32, quad: u32, value: vec4f, keep: bool) {
  let at = row * (WIDTH / 4) + quad;
  NAME[at] = value + select(vec4f(), NAME[at], keep);
}
