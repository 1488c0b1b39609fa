import { Learner, loadModel } from '../../src/learn/policy.ts';
import { SupervisedTrainer } from '../../src/learn/supervised-training.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { promptAndResponse } from '../../src/model/packed-batch.ts';
import type { NamedArrays } from '../../src/model/parameters.ts';
import { OPTIMIZER, STEP_TOKENS, TRAINED_SHAPE, type TrainingEngine } from './training-task.ts';

/** This engine's training step as pretraining and supervised fine-tuning take it. */
export function engineTraining(gpu: Gpu, weights: NamedArrays): TrainingEngine {
  const { memory } = gpu;
  const base = loadModel(gpu, memory, TRAINED_SHAPE, weights);
  const learner = new Learner(gpu, memory, base, { lora: null, normal: () => 0 });
  const trainer = new SupervisedTrainer(gpu, memory, learner, { rows: STEP_TOKENS, scored: STEP_TOKENS });
  const tokenWeights = new Float32Array(STEP_TOKENS).fill(1);
  return {
    name: 'COPSD Lab',
    device: gpu.device,
    step: async batch => {
      const sequences = batch.map(tokens => promptAndResponse(tokens.subarray(0, 1), tokens.subarray(1)));
      return (await trainer.step({ sequences, weights: tokenWeights }, OPTIMIZER)).loss;
    },
  };
}
