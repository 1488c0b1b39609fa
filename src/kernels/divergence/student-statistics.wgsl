// Streams a row of student logits once.
fn studentSide(at: Place) -> Side {
  var side = Side(LOWEST, 0.0, 0.0, LOWEST, 0u);
  if (at.lane < at.blocks) { side.reference = highest(loadStudent(at.row, at.lane)); }
  var first = at.lane;
  while (first < at.blocks) {
    let end = min(at.blocks, first + TILE * ROW_LANES);
    var sums = vec2f();
    var tops = vec4f(LOWEST);
    for (var block = first; block < end; block += ROW_LANES) {
      let logits = loadStudent(at.row, block);
      tops = max(tops, logits);
      let z = logits - side.reference;
      let e = exp(z);
      sums += vec2f(across(e), dot(e, z));
    }
    let top = highest(tops);
    if (top > side.reference + SLACK) {
      side = raised(side, top);
      continue;
    }
    side = added(side, sums.x, sums.y, top, first);
    first += TILE * ROW_LANES;
  }
  return side;
}

// (reference, peak, lowest token id of the lane that has the peak)
fn studentLead(at: Place, side: Side) -> vec3f {
  var id = u.vocab;
  let end = min(at.blocks, side.tile + TILE * ROW_LANES);
  for (var block = side.tile; block < end && id == u.vocab; block += ROW_LANES) {
    id = firstEqual(loadStudent(at.row, block), side.peak, block);
  }
  return vec3f(side.reference, side.peak, f32(id));
}

fn firstEqual(logits: vec4f, peak: f32, block: u32) -> u32 {
  for (var c = 0u; c < 4u; c++) {
    if (logits[c] == peak) { return 4u * block + c; }
  }
  return u.vocab;
}
