@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read> dy: array<V>;
// Writable only because it shares its buffer with the partial sums.
@group(0) @binding(2) var<storage, read_write> rstds: array<f32>;
@group(0) @binding(3) var<storage, read_write> partials: array<V>;

// One invocation sums one column of one chunk of rows; neighbours take neighbouring columns.
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let chunk = index / u.width;
  let column = index % u.width;
  let first = chunk * u.chunk_rows;
  if (first >= u.rows) {
    return;
  }
  let last = min(first + u.chunk_rows, u.rows);
  var sum = V();
  for (var row = first; row < last; row++) {
    let at = row * u.width + column;
    sum += dy[at] * x[at] * rstds[row];
  }
  partials[index] = sum;
}
