// Stores the elements of vector i that lie before the end: what follows may belong to another tensor.
fn store(value: vec4f, i: u32) {
  if (i * 4u + 4u <= u.length) {
    target_values[i] = value;
  } else {
    for (var c = 0u; i * 4u + c < u.length; c++) {
      target_values[i][c] = value[c];
    }
  }
}

