// A row has a workgroup to itself. Lanes are joined in order; call these in uniform control flow.
var<workgroup> lane_findings: array<Found, ROW_LANES>;
var<workgroup> lane_pairs: array<vec2f, ROW_LANES>;

// The result is uniform, so that loops may end on it.
fn together(at: Place, own: Found) -> Found {
  lane_findings[at.lane] = own;
  workgroupBarrier();
  if (at.lane == 0u) {
    var all = own;
    for (var lane = 1u; lane < ROW_LANES; lane++) {
      let other = lane_findings[lane];
      all = Found(all.count + other.count, max(all.most, other.most), min(all.least, other.least));
    }
    lane_findings[0] = all;
  }
  return workgroupUniformLoad(&lane_findings[0]);
}

fn highestTogether(at: Place, own: vec2f) -> vec2f {
  lane_pairs[at.lane] = own;
  workgroupBarrier();
  var all = lane_pairs[0];
  for (var lane = 1u; lane < ROW_LANES; lane++) { all = max(all, lane_pairs[lane]); }
  workgroupBarrier();
  return all;
}

fn sumTogether(at: Place, own: vec2f) -> vec2f {
  lane_pairs[at.lane] = own;
  workgroupBarrier();
  var all = lane_pairs[0];
  for (var lane = 1u; lane < ROW_LANES; lane++) { all += lane_pairs[lane]; }
  workgroupBarrier();
  return all;
}
