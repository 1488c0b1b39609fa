import type { Tensor } from '../../gpu/tensor.ts';
import type { KernelBench } from '../elementwise/kernel-fixture.ts';
import { sampleTokens, type SampleTokensArgs } from './sampling.ts';

/** Marks cells that no step has written. */
export const UNWRITTEN = 4_000_000_000;

/** One rollout state on the GPU and what `sampleTokens` made of it. */
export class SamplerFixture {
  readonly #bench: KernelBench;
  readonly #options: Omit<SampleTokensArgs, keyof ReturnType<typeof state> | 'logits' | 'step'>;
  readonly #state: ReturnType<typeof state>;

  constructor(
    bench: KernelBench,
    options: Omit<SampleTokensArgs, keyof ReturnType<typeof state> | 'logits' | 'step'>,
  ) {
    this.#bench = bench;
    this.#options = options;
    this.#state = state(bench, options);
  }

  /** Samples step after step from the same logits or from one set of logits a step. */
  run(logits: readonly ArrayLike<number>[], steps = logits.length): void {
    const sets = logits.map(values => this.#bench.f32('logits', values));
    const encoder = this.#bench.gpu.encoder();
    for (let step = 0; step < steps; step++)
      sampleTokens(encoder, { ...this.#options, ...this.#state, logits: sets[step % sets.length]!, step });
    encoder.submit();
  }

  tokens = (): Promise<Uint32Array> => this.#bench.readU32(this.#state.tokens);
  current = (): Promise<Uint32Array> => this.#bench.readU32(this.#state.current);
  position = (): Promise<Uint32Array> => this.#bench.readU32(this.#state.position);
  done = (): Promise<Uint32Array> => this.#bench.readU32(this.#state.done);
  logProbs = (): Promise<Float32Array> => this.#bench.read(this.#state.logProbs);
  entropies = (): Promise<Float32Array> => this.#bench.read(this.#state.entropies);

  /** Marks rows as ended before the first step. */
  end(rows: readonly number[]): void {
    for (const row of rows) this.#bench.gpu.write(this.#state.done, Uint32Array.of(1), row);
  }
}

function state(
  bench: KernelBench,
  { batch, capacity }: { batch: number; capacity: number },
): Record<'current' | 'position' | 'done' | 'tokens' | 'logProbs' | 'entropies', Tensor> {
  const cells = batch * capacity;
  return {
    current: bench.u32('current', new Uint32Array(batch).fill(UNWRITTEN)),
    position: bench.u32(
      'position',
      Uint32Array.from({ length: batch }, (_, row) => 10 + row),
    ),
    done: bench.u32('done', new Uint32Array(batch)),
    tokens: bench.u32('tokens', new Uint32Array(cells).fill(UNWRITTEN)),
    logProbs: bench.f32('logProbs', new Float32Array(cells).fill(-99)),
    entropies: bench.f32('entropies', new Float32Array(cells).fill(-99)),
  };
}
