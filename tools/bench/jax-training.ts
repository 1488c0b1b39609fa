import { defaultDevice, getWebGPUDevice, init, jit, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { DecoderConfig } from '../../src/model/config.ts';
import type { NamedArrays } from '../../src/model/parameters.ts';
import { meanLoss, rotaryTables, type Tensors } from './jax-decoder.ts';
import {
  OPTIMIZER,
  SEQUENCE_TOKENS,
  SEQUENCES,
  STEP_TOKENS,
  TRAINED_SHAPE,
  type TrainingEngine,
} from './training-task.ts';

/** What a step reads besides the state: `stepSize` and `inverseRoot2` correct AdamW's biases. */
type StepInputs = Record<'ids' | 'targets' | 'cos' | 'sin' | 'stepSize' | 'inverseRoot2', np.Array>;

type State = Record<'parameters' | 'm' | 'v', Tensors>;

/** The same step in jax-js, as one compiled program: state and inputs in, loss and next state out. */
export async function jaxTraining(weights: NamedArrays): Promise<TrainingEngine> {
  if (!(await init('webgpu')).includes('webgpu'))
    throw new Error('jax-js found no WebGPU, so there is nothing to compare with.');
  defaultDevice('webgpu');
  const arrays = (make: (shape: readonly number[], data: Float32Array<ArrayBuffer>) => np.Array): Tensors =>
    Object.fromEntries([...weights].map(([name, { shape, data }]) => [name, make(shape, data)]));
  const zeros = (): Tensors => arrays(shape => np.zeros([...shape]));
  let state: State = {
    parameters: arrays((shape, data) => np.array(data, { shape: [...shape] })),
    m: zeros(),
    v: zeros(),
  };
  const tables = rotaryTables(TRAINED_SHAPE, SEQUENCE_TOKENS);
  const compiled = jit((given: State, inputs: StepInputs) => trainStep(TRAINED_SHAPE, given, inputs));
  let count = 0;
  return {
    name: 'jax-js',
    device: getWebGPUDevice(),
    step: async batch => {
      count++;
      const tokens = (from: number, shape: number[]): np.Array => {
        const ids = batch.flatMap(sequence => [...sequence.subarray(from, from + SEQUENCE_TOKENS)]);
        return np.array(Int32Array.from(ids), { shape });
      };
      const { learningRate, beta1, beta2 } = OPTIMIZER;
      const { loss, ...next } = compiled(state, {
        ...tree.ref(tables),
        ids: tokens(0, [SEQUENCES, SEQUENCE_TOKENS]),
        targets: tokens(1, [STEP_TOKENS]),
        stepSize: np.array(learningRate / (1 - beta1 ** count)),
        inverseRoot2: np.array(1 / Math.sqrt(1 - beta2 ** count)),
      } as StepInputs);
      state = next;
      // One program: to read any of its outputs is to run all of it, and the copy of the loss comes last in the queue.
      return (await loss.data())[0]!;
    },
  };
}

function trainStep(
  config: DecoderConfig,
  { parameters, m, v }: State,
  { ids, targets, cos, sin, stepSize, inverseRoot2 }: StepInputs,
): State & { loss: np.Array } {
  const { learningRate, beta1, beta2, epsilon, weightDecay, clipNorm } = OPTIMIZER;
  const [loss, gradients] = valueAndGrad((given: Tensors) =>
    meanLoss(config, given, { ids, targets, cos, sin }),
  )(tree.ref(parameters));
  const squares = Object.values(gradients).map(gradient => np.square(gradient.ref).sum());
  const norm = np.sqrt(squares.reduce((sum, square) => sum.add(square)));
  const clip = np.minimum(np.reciprocal(norm.add(1e-6)).mul(clipNorm), 1);
  const next: State = { parameters: {}, m: {}, v: {} };
  for (const [name, gradient] of Object.entries(gradients)) {
    const g = gradient.mul(clip.ref);
    const mNext = m[name]!.mul(beta1).add(g.ref.mul(1 - beta1));
    const vNext = v[name]!.mul(beta2).add(np.square(g).mul(1 - beta2));
    const denominator = np.sqrt(vNext.ref).mul(inverseRoot2.ref).add(epsilon);
    next.parameters[name] = parameters[name]!.mul(1 - learningRate * weightDecay).sub(
      mNext.ref.mul(stepSize.ref).div(denominator),
    );
    next.m[name] = mNext;
    next.v[name] = vNext;
  }
  for (const array of [clip, stepSize, inverseRoot2]) array.dispose();
  return { loss, ...next };
}
