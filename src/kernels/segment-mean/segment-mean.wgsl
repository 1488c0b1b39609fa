override GROUP = 64u;

@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read> segment_start: array<u32>;
@group(0) @binding(2) var<storage, read> segment_end: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<V>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * GROUP + local;
  if (index >= u.segments * u.width) {
    return;
  }
  let segment = index / u.width;
  let column = index % u.width;
  let start = segment_start[segment];
  let end = segment_end[segment];
  var sum = V();
  for (var row = start; row < end; row++) {
    sum += x[row * u.width + column];
  }
  y[index] = sum / f32(max(1u, end - min(start, end)));
}
