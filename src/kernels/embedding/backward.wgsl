@group(0) @binding(0) var<storage, read> dx: array<V>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> run_start: array<u32>;
@group(0) @binding(3) var<storage, read> run_id: array<u32>;
@group(0) @binding(4) var<storage, read_write> d_table: array<V>;

// One invocation owns one column of one run, and so one vector of the table.
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group.y * groups.x + group.x) * 64u + lane;
  let run = i / u.width;
  if (run >= u.runs) {
    return;
  }
  let column = i % u.width;
  var sum = V();
  for (var at = run_start[run]; at < run_start[run + 1u]; at++) {
    sum += dx[order[at] * u.width + column];
  }
  d_table[run_id[run] * u.width + column] += sum;
}
