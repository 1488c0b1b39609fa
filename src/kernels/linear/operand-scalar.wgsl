// NAME [HEIGHT, WIDTH], its rows of any length, STRIDE apart, from column START of each.
@group(0) @binding(BINDING) var<storage, read> NAME: array<f32>;

// Elements 4 quad … 4 quad + 3 of a row, zero behind its end; row and first element inside NAME.
fn NAME_quad(row: u32, quad: u32) -> vec4f {
  let at = row * STRIDE + START + 4 * quad;
  let left = vec4u(WIDTH - 4 * quad);
  let values = vec4f(NAME[at], NAME[at + 1], NAME[at + 2], NAME[at + 3]);
  return select(vec4f(), values, left > vec4u(0, 1, 2, 3));
}
