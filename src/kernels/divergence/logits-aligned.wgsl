// Access to logits whose vocabulary is a multiple of four: whole vec4 loads and stores. The teacher's first row is u.teacherStart.
@group(0) @binding(0) var<storage, read_write> student: array<vec4f>;
@group(0) @binding(4) var<storage, read> teacher: array<vec4f>;

fn loadStudent(row: u32, block: u32) -> vec4f { return student[row * (u.vocab / 4u) + block]; }

fn loadTeacher(row: u32, block: u32) -> vec4f { return teacher[(u.teacherStart + row) * (u.vocab / 4u) + block]; }

fn storeStudent(row: u32, block: u32, value: vec4f) { student[row * (u.vocab / 4u) + block] = value; }
