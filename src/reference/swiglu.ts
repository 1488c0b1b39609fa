/** y = silu(gate) · up element by element, silu(g) = g · sigmoid(g) (Shazeer 2020). */
export function swiglu(gate: ArrayLike<number>, up: ArrayLike<number>): Float64Array {
  const y = new Float64Array(gate.length);
  for (let i = 0; i < y.length; i++) y[i] = gate[i]! * sigmoid(gate[i]!) * up[i]!;
  return y;
}

/** dup = dy · silu(g); dgate = dy · up · sigmoid(g) (1 + g (1 − sigmoid(g))). */
export function swigluBackward(
  dy: ArrayLike<number>,
  gate: ArrayLike<number>,
  up: ArrayLike<number>,
): { dgate: Float64Array; dup: Float64Array } {
  const dgate = new Float64Array(dy.length);
  const dup = new Float64Array(dy.length);
  for (let i = 0; i < dy.length; i++) {
    const g = gate[i]!;
    const s = sigmoid(g);
    dup[i] = dy[i]! * g * s;
    dgate[i] = dy[i]! * up[i]! * s * (1 + g * (1 - s));
  }
  return { dgate, dup };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
