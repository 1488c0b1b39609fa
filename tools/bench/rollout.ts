import { openGpu } from '../../src/gpu/device.ts';
import { normalFrom } from '../../src/model/random.ts';
import { Rng } from '../../src/world/rng.ts';
import { EMBEDDED_MODEL, embeddedModel } from './embedded-model.ts';
import { engineRollout } from './engine-rollout.ts';
import type { DeviceMeter } from './gpu-meter.ts';
import { secondsOf, type BenchOptions, type BenchPart, type RolloutPeerReport } from './report.ts';
import { equalShare, NEW_TOKENS, PROMPT_TOKENS, ROLLOUTS, type Generator } from './rollout-task.ts';
import { median, roundRatios, summarise } from './statistics.ts';
import { transformersRollouts } from './transformers-rollout.ts';

/** V8 takes about three batches to compile onnxruntime's WebAssembly at its best; kernels are there after one. */
const WARM_UPS = { here: 1, webgpu: 1, wasm: 3 };
/** Rounds in which transformers.js on WebGPU takes part: without a graphics card its batch takes half a minute. */
const WEBGPU_ROUNDS = 3;
const CHECKED_TOKENS = 8;
/** Two tokens may be as likely as each other but for rounding, so not every answer need be the same. */
const EQUAL_SHARE = 0.9;

/** A generator with what it took in each round. */
class Contender {
  readonly seconds: number[] = [];
  submits = 0;
  dispatches = 0;
  mappings = 0;
  readonly #generator: Generator;
  readonly #meter: DeviceMeter;
  readonly #prompts: readonly Uint32Array[];

  constructor(generator: Generator, meter: DeviceMeter, prompts: readonly Uint32Array[]) {
    this.#generator = generator;
    this.#meter = meter;
    this.#prompts = prompts;
  }

  /** The most likely tokens, by which it is known whether two do the same work. */
  greedy(): Promise<readonly ArrayLike<number>[]> {
    return this.#generator.generate(this.#prompts, { newTokens: CHECKED_TOKENS, sample: false });
  }

  async batch(): Promise<void> {
    this.#meter.restart();
    let answers: readonly ArrayLike<number>[] = [];
    this.seconds.push(
      await secondsOf(async () => {
        answers = await this.#generator.generate(this.#prompts, { newTokens: NEW_TOKENS, sample: true });
      }),
    );
    if (answers.length !== ROLLOUTS || answers.some(({ length }) => length !== NEW_TOKENS))
      throw new Error(`A rollout does not have ${NEW_TOKENS} tokens, so rounds would differ in work.`);
    ({ submits: this.submits, dispatches: this.dispatches, mappings: this.mappings } = this.#meter);
  }

  async warmUp(batches: number): Promise<void> {
    for (let batch = 0; batch < batches; batch++) await this.batch();
    this.seconds.length = 0;
  }

  get summary() {
    const { submits, dispatches, mappings, seconds } = this;
    const tokensPerSecond = median(seconds.map(each => (ROLLOUTS * NEW_TOKENS) / each));
    return { tokensPerSecond, submits, dispatches, mappings, seconds: summarise(seconds) };
  }
}

interface Peer {
  readonly contender: Contender;
  readonly equalGreedy: number;
}

/**
 * Batches of rollouts at temperature 1 from random prompts by this engine and, where the model has been exported, by
 * transformers.js on WebGPU and on WebAssembly, turn about. No row ends early, so all rounds do the same work.
 * @throws Error where they do not choose the same tokens, or transformers.js does not compute where it should.
 */
export async function rolloutPart(
  meterOf: (device: GPUDevice) => DeviceMeter,
  { embeddedWeights, exportedModels }: BenchOptions,
): Promise<BenchPart> {
  const rng = new Rng(2);
  const model = await embeddedModel(
    embeddedWeights,
    normalFrom(() => rng.float()),
  );
  const prompts = Array.from({ length: ROLLOUTS }, () =>
    Uint32Array.from({ length: PROMPT_TOKENS }, () => rng.int(model.config.vocab)),
  );
  const contender = (generator: Generator): Contender =>
    new Contender(generator, meterOf(generator.device), prompts);
  const ours = contender(await engineRollout(await openGpu(navigator.gpu), model));
  const expected = await ours.greedy();
  await ours.warmUp(WARM_UPS.here);

  const join = async (generator: Generator, device: 'webgpu' | 'wasm'): Promise<Peer> => {
    const peer = contender(generator);
    const equalGreedy = equalShare(expected, await peer.greedy());
    if (equalGreedy < EQUAL_SHARE)
      throw new Error(
        `transformers.js (${device}) chooses the same tokens as this engine in a share of ${equalGreedy} of the answers. ` +
          'They do not do the same work, so nothing was compared.',
      );
    await peer.warmUp(WARM_UPS[device]);
    if (device === 'webgpu' ? peer.dispatches < NEW_TOKENS : peer.dispatches > 0)
      throw new Error(
        `transformers.js dispatched ${peer.dispatches} kernels on WebGPU where it should compute with ${device}, so nothing was compared.`,
      );
    return { contender: peer, equalGreedy };
  };
  const joinBoth = async (models: string): Promise<Record<'webgpu' | 'wasm', Peer>> => {
    const { webgpu, wasm } = await transformersRollouts(models, EMBEDDED_MODEL);
    return { webgpu: await join(webgpu, 'webgpu'), wasm: await join(wasm, 'wasm') };
  };
  const peers = exportedModels === null ? undefined : await joinBoth(exportedModels);
  let done = 0;
  let order = peers ? [peers.webgpu.contender, peers.wasm.contender, ours] : [ours];

  const reportOf = ({ contender: peer, equalGreedy }: Peer): RolloutPeerReport => ({
    ...peer.summary,
    ratio: summarise(roundRatios(peer.seconds, ours.seconds.slice(0, peer.seconds.length))),
    equalGreedy,
  });
  return {
    round: async () => {
      for (const each of order) await each.batch();
      order = order.toReversed();
      if (++done === WEBGPU_ROUNDS) order = order.filter(each => each !== peers?.webgpu.contender);
    },
    report: () => {
      const webgpu = peers && reportOf(peers.webgpu);
      const wasm = peers && reportOf(peers.wasm);
      return {
        rollout: {
          ...ours.summary,
          readbacksPerToken: ours.mappings / NEW_TOKENS,
          positions: NEW_TOKENS,
          rollouts: ROLLOUTS,
          model: model.description,
          ...(webgpu && { ratioToTransformersJs: webgpu.ratio.median, transformersJs: webgpu }),
          ...(wasm && { ratioToTransformersJsWasm: wasm.ratio.median, transformersJsWasm: wasm }),
        },
      };
    },
  };
}
