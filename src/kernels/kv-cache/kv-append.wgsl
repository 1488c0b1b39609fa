// keys[slot[r], position[r]] = k[r]; values[slot[r], position[r]] = v[r]
@group(0) @binding(0) var<storage, read> k: array<f32>;
@group(0) @binding(1) var<storage, read> v: array<f32>;
@group(0) @binding(2) var<storage, read> slot: array<u32>;
@group(0) @binding(3) var<storage, read> position: array<u32>;
@group(0) @binding(4) var<storage, read_write> keys: array<f32>;
@group(0) @binding(5) var<storage, read_write> values: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / u.kvDim;
  if (row >= u.rows) { return; }
  // A row that has no place must not land in the next slot's.
  if (slot[row] >= u.slots || position[row] >= u.capacity) { return; }
  let at = (slot[row] * u.capacity + position[row]) * u.kvDim + index % u.kvDim;
  keys[at] = k[index];
  values[at] = v[index];
}
