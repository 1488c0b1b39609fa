// NAME [HEIGHT, WIDTH] in f16, its rows made of whole vectors of four.
@group(0) @binding(BINDING) var<storage, read> NAME: array<vec2u>;

// Elements 4 quad … 4 quad + 3 of a row; both inside NAME.
fn NAME_quad(row: u32, quad: u32) -> vec4f {
  let words = NAME[row * (WIDTH / 4) + quad];
  return vec4f(unpack2x16float(words.x), unpack2x16float(words.y));
}
