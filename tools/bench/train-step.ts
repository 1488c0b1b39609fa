import { openGpu } from '../../src/gpu/device.ts';
import { decoderLayout } from '../../src/model/decoder-parameters.ts';
import { initialWeights } from '../../src/model/initial-weights.ts';
import { normalFrom } from '../../src/model/random.ts';
import { Rng } from '../../src/world/rng.ts';
import { engineTraining } from './engine-training.ts';
import type { DeviceMeter } from './gpu-meter.ts';
import { jaxTraining } from './jax-training.ts';
import { secondsOf, type BenchPart } from './report.ts';
import { median, roundRatios, summarise } from './statistics.ts';
import {
  STEP_TOKENS,
  tokenBatch,
  TRAINED_SHAPE,
  type TokenBatch,
  type TrainingEngine,
} from './training-task.ts';

const CHECKED_STEPS = 3;
const LOSS_TOLERANCE = 1e-3;

/** An engine with what it took in each round. */
class Contender {
  readonly seconds: number[] = [];
  peakBytes = 0;
  submits = 0;
  dispatches = 0;
  loss = NaN;
  readonly engine: TrainingEngine;
  readonly #meter: DeviceMeter;

  constructor(engine: TrainingEngine, meter: DeviceMeter) {
    this.engine = engine;
    this.#meter = meter;
  }

  async step(batch: TokenBatch): Promise<void> {
    this.#meter.restart();
    this.seconds.push(
      await secondsOf(async () => {
        this.loss = await this.engine.step(batch);
      }),
    );
    this.peakBytes = Math.max(this.peakBytes, this.#meter.peakBytes);
    ({ submits: this.submits, dispatches: this.dispatches } = this.#meter);
  }

  get summary() {
    const { submits, dispatches, peakBytes } = this;
    const tokensPerSecond = median(this.seconds.map(seconds => STEP_TOKENS / seconds));
    return { tokensPerSecond, submits, dispatches, peakBytes, seconds: summarise(this.seconds) };
  }
}

/**
 * The same training step by this engine and by jax-js, from the same weights on the same tokens, turn about.
 * @throws Error where their losses differ in the first steps: then they do not do the same work.
 */
export async function trainStepPart(meterOf: (device: GPUDevice) => DeviceMeter): Promise<BenchPart> {
  const rng = new Rng(1);
  const weights = initialWeights(
    TRAINED_SHAPE,
    normalFrom(() => rng.float()),
  );
  const contender = (engine: TrainingEngine): Contender => new Contender(engine, meterOf(engine.device));
  const ours = contender(engineTraining(await openGpu(navigator.gpu), weights));
  const peer = contender(await jaxTraining(weights));
  let order = [ours, peer];
  let lossDifference = 0;
  const step = async (): Promise<void> => {
    const batch = tokenBatch(rng);
    for (const each of order) await each.step(batch);
    order = order.toReversed();
    lossDifference = Math.max(lossDifference, Math.abs(ours.loss - peer.loss) / Math.abs(peer.loss));
  };
  for (let checked = 1; checked <= CHECKED_STEPS; checked++) {
    await step();
    if (!(lossDifference <= LOSS_TOLERANCE))
      throw new Error(
        `Step ${checked}: the loss is ${ours.loss} here and ${peer.loss} in jax-js. They do not do the same work, so nothing was compared.`,
      );
  }
  for (const { seconds } of order) seconds.length = 0;
  return {
    round: step,
    report: () => {
      const ratio = summarise(roundRatios(peer.seconds, ours.seconds));
      return {
        trainStep: {
          ...ours.summary,
          ratioToJaxJs: ratio.median,
          ratio,
          peakBytesRatioToJaxJs: ours.peakBytes / peer.peakBytes,
          parameters: decoderLayout(TRAINED_SHAPE).count,
          tokens: STEP_TOKENS,
          lossDifference,
          jaxJs: peer.summary,
        },
      };
    },
  };
}
