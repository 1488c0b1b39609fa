// NAME [HEIGHT, WIDTH], its rows made of whole vec4, STRIDE apart, from column START of each. Only the operand files read tensors:
// weights of another storage type need one more file like these and nothing else.
@group(0) @binding(BINDING) var<storage, read> NAME: array<vec4f>;

// Elements 4 quad … 4 quad + 3 of a row; both inside NAME.
fn NAME_quad(row: u32, quad: u32) -> vec4f { return NAME[row * (STRIDE / 4) + START / 4 + quad]; }
