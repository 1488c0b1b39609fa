// Streams a row of student logits once.
fn studentSide(at: Place) -> Side {
  var side = emptySide();
  var tile = 0u;
  for (var first = at.lane; first < at.blocks; first += TILE * ROW_LANES) {
    let end = min(at.blocks, first + TILE * ROW_LANES);
    var peak = vec4f(LOWEST);
    for (var block = first; block < end; block += ROW_LANES) { peak = max(peak, loadStudent(at.row, block)); }
    let top = highest(peak);
    if (top > side.peak) {
      side = raised(side, top);
      side.tile = tile;
    }
    var mass = 0.0;
    var moment = 0.0;
    for (var block = first; block < end; block += ROW_LANES) {
      let z = loadStudent(at.row, block) - side.peak;
      let e = exp(z);
      mass += across(e);
      moment += dot(e, z);
    }
    side.mass += mass;
    side.moment += moment;
    tile++;
  }
  return side;
}

// Lowest token id with the row's largest logit; `side` is the lane's own, before lanes are joined.
fn studentTop(at: Place, side: Side, peak: f32) -> u32 {
  if (side.peak != peak) { return u.vocab; }
  let first = at.lane + side.tile * TILE * ROW_LANES;
  let end = min(at.blocks, first + TILE * ROW_LANES);
  for (var block = first; block < end; block += ROW_LANES) {
    let z = loadStudent(at.row, block);
    for (var c = 0u; c < 4u; c++) {
      if (z[c] == peak) { return 4u * block + c; }
    }
  }
  return u.vocab;
}
