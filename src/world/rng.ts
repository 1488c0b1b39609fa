/**
 * Seeded 32-bit generator (mulberry32). Its whole state is one unsigned integer, so a stream of documents can be stopped and resumed by
 * storing it. Not for cryptography.
 */
export class Rng {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** The state to store; `new Rng(state)` continues the same sequence. */
  get state(): number {
    return this.#state;
  }

  /** Uniform unsigned 32-bit integer. */
  u32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** Uniform in [0, 1). */
  float(): number {
    return this.u32() / 4294967296;
  }

  /** Uniform integer in [0, n). */
  int(n: number): number {
    return Math.floor(this.float() * n);
  }

  /** True with probability p. Always draws one number. */
  chance(p: number): boolean {
    return this.float() < p;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('Rng.pick: the list is empty.');
    return items[this.int(items.length)] as T;
  }

  /** Draws item i with probability weights[i] / Σ weights. */
  weighted<T>(items: readonly T[], weights: readonly number[]): T {
    if (items.length === 0 || items.length !== weights.length) {
      throw new RangeError(`Rng.weighted: ${items.length} items but ${weights.length} weights.`);
    }
    let rest = this.float() * weights.reduce((sum, weight) => sum + weight, 0);
    for (let i = 0; i < items.length; i++) {
      rest -= weights[i] as number;
      if (rest < 0) return items[i] as T;
    }
    return items[items.length - 1] as T;
  }

  /** Draws and removes one item. */
  take<T>(items: T[]): T {
    if (items.length === 0) throw new RangeError('Rng.take: the list is empty.');
    return items.splice(this.int(items.length), 1)[0] as T;
  }

  /** Fisher–Yates from the end, in place. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
    return items;
  }
}

/** 32-bit FNV-1a over UTF-16 code units (the world's texts are ASCII). Decides what is held out. */
export function hash32(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash >>> 0;
}
