// What an invocation of the packed kernels owns: heads_each heads from `head` on, and the tokens first + t · TOKEN_LANES + its own lane
// for t < TOKENS. Where `first` is not below u.rows it owns nothing.
override HEAD_LANES = 1u;
override TOKEN_LANES = 4u;

struct Owned {
  head: u32,
  first: u32,
}

fn owned(group: vec3u, groups: vec3u, lane: vec3u, heads: u32, heads_each: u32) -> Owned {
  let index = group.y * groups.x + group.x;
  let tiles = heads / (heads_each * HEAD_LANES);
  return Owned((index % tiles * HEAD_LANES + lane.x) * heads_each, index / tiles * (TOKEN_LANES * TOKENS));
}
