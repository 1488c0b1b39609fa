// NAME [HEIGHT, WIDTH] in blocks of 32 along the rows, which are made of whole blocks: a word with the scale, eight of four int8.
@group(0) @binding(BINDING) var<storage, read> NAME: array<u32>;

// Elements 4 quad … 4 quad + 3 of a row; both inside NAME.
fn NAME_quad(row: u32, quad: u32) -> vec4f {
  let block = 9 * (row * (WIDTH / 32) + quad / 8);
  let word = NAME[block + 1 + quad % 8];
  // Each byte goes to the top, so that the shift back brings its sign along.
  let values = bitcast<vec4i>(vec4u(word << 24u, word << 16u, word << 8u, word)) >> vec4u(24u);
  return bitcast<f32>(NAME[block]) * vec4f(values);
}
