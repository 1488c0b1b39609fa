// A row has one lane: for adapters on which barriers are dear.
const ROW_LANES = 1u;
override ROWS_PER_GROUP = 8u;

// Over the lanes of a row, known to all of them.
fn together(own: Findings, lane: u32) -> Findings {
  return own;
}

// (Sum over the lanes before this one, sum over all).
fn prefix(own: f32, lane: u32) -> vec2f {
  return vec2f(0.0, own);
}

