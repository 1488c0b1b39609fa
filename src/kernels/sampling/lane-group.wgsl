// A row has a workgroup to itself.
override ROW_LANES = 64u;
const ROWS_PER_GROUP = 1u;

var<workgroup> lane_findings: array<Findings, ROW_LANES>;
var<workgroup> lane_masses: array<f32, ROW_LANES>;

// Over the lanes of a row in a fixed order, known to all of them. Call it in uniform control flow; the result is uniform.
fn together(own: Findings, lane: u32) -> Findings {
  lane_findings[lane] = own;
  workgroupBarrier();
  if (lane == 0u) {
    var all = own;
    for (var other = 1u; other < ROW_LANES; other++) {
      let found = lane_findings[other];
      all = Findings(all.sum + found.sum, max(all.most, found.most), min(all.least, found.least));
    }
    lane_findings[0] = all;
  }
  return workgroupUniformLoad(&lane_findings[0]);
}

// (Sum over the lanes before this one, sum over all), summed from the first lane on by each.
fn prefix(own: f32, lane: u32) -> vec2f {
  lane_masses[lane] = own;
  workgroupBarrier();
  var base = 0.0;
  var total = 0.0;
  for (var other = 0u; other < ROW_LANES; other++) {
    base = select(base, total, other == lane);
    total += lane_masses[other];
  }
  return vec2f(base, total);
}

