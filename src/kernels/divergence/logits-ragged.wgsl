// Access to logits of any vocabulary: rows start at any element, and the last block is filled up with LOWEST, whose
// probability is zero. The teacher's first row is u.teacherStart.
@group(0) @binding(0) var<storage, read_write> student: array<f32>;
@group(0) @binding(4) var<storage, read> teacher: array<f32>;

fn idsOf(block: u32) -> vec4u { return 4u * block + vec4u(0u, 1u, 2u, 3u); }

fn loadStudent(row: u32, block: u32) -> vec4f {
  let ids = idsOf(block);
  let at = row * u.vocab + min(ids, vec4u(u.vocab - 1u));
  let value = vec4f(student[at.x], student[at.y], student[at.z], student[at.w]);
  return select(vec4f(LOWEST), value, ids < vec4u(u.vocab));
}

fn loadTeacher(row: u32, block: u32) -> vec4f {
  let ids = idsOf(block);
  let at = (u.teacherStart + row) * u.vocab + min(ids, vec4u(u.vocab - 1u));
  let value = vec4f(teacher[at.x], teacher[at.y], teacher[at.z], teacher[at.w]);
  return select(vec4f(LOWEST), value, ids < vec4u(u.vocab));
}

fn storeStudent(row: u32, block: u32, value: vec4f) {
  let at = row * u.vocab + 4u * block;
  let count = min(4u, u.vocab - 4u * block);
  student[at] = value.x;
  if (count > 1u) { student[at + 1u] = value.y; }
  if (count > 2u) { student[at + 2u] = value.z; }
  if (count > 3u) { student[at + 3u] = value.w; }
}
