// Rows 4 r … 4 r + 3 of NAME as the columns of a matrix, each with the elements 4 quad … 4 quad + 3; zero outside NAME.
fn NAME_block(r: u32, quad: u32) -> mat4x4f {
  let rows = 4 * r + vec4u(0, 1, 2, 3);
  let source = min(rows, vec4u(HEIGHT - 1));
  let at = min(quad, (WIDTH - 1) / 4);
  let inside = (rows < vec4u(HEIGHT)) & vec4(at == quad);
  return mat4x4f(
    select(vec4f(), NAME_quad(source.x, at), inside.x),
    select(vec4f(), NAME_quad(source.y, at), inside.y),
    select(vec4f(), NAME_quad(source.z, at), inside.z),
    select(vec4f(), NAME_quad(source.w, at), inside.w),
  );
}
