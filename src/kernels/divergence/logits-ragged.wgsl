// Access to logits of any vocabulary: rows start at any element, and the last block is filled up with LOWEST, whose
// probability is zero.
@group(0) @binding(0) var<storage, read_write> student: array<f32>;
@group(0) @binding(4) var<storage, read> teacher: array<f32>;

fn loadStudent(row: u32, block: u32) -> vec4f {
  let at = row * u.vocab + 4u * block;
  let left = u.vocab - 4u * block;
  if (left >= 4u) { return vec4f(student[at], student[at + 1u], student[at + 2u], student[at + 3u]); }
  var value = vec4f(LOWEST);
  for (var c = 0u; c < left; c++) { value[c] = student[at + c]; }
  return value;
}

fn loadTeacher(row: u32, block: u32) -> vec4f {
  let at = row * u.vocab + 4u * block;
  let left = u.vocab - 4u * block;
  if (left >= 4u) { return vec4f(teacher[at], teacher[at + 1u], teacher[at + 2u], teacher[at + 3u]); }
  var value = vec4f(LOWEST);
  for (var c = 0u; c < left; c++) { value[c] = teacher[at + c]; }
  return value;
}

fn storeStudent(row: u32, block: u32, value: vec4f) {
  let at = row * u.vocab + 4u * block;
  let count = min(4u, u.vocab - 4u * block);
  for (var c = 0u; c < count; c++) { student[at + c] = value[c]; }
}
