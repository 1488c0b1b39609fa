@group(0) @binding(4) var<storage, read_write> rstds: array<f32>;

fn save_rstd(row: u32, rstd: f32) {
  rstds[row] = rstd;
}
