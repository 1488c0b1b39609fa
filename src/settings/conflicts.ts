import { isDivergence } from './objectives.ts';
import type { RunSettings } from './run-config.ts';

interface Conflict {
  readonly path: string[];
  readonly message: string;
}

/** Settings that make no sense together. */
export function conflicts(settings: RunSettings): Conflict[] {
  const { objective, divergenceTemperature, teacher, calibration, shaping, policyGradient } = settings;
  const { mix, rolloutsPerQuery, lora, adapter, chat, evaluation } = settings;
  const found: Conflict[] = [];
  const refuse = (path: string, message: string): void => void found.push({ path: path.split('.'), message });
  if (!isDivergence(objective)) {
    if (divergenceTemperature !== 1)
      refuse('divergenceTemperature', `'${objective.kind}' is defined at a divergence temperature of 1 only`);
    if (shaping.topK > 0)
      refuse('shaping.topK', `top-k support belongs to divergences, not to '${objective.kind}'`);
    if (shaping.tokenClip > 0)
      refuse('shaping.tokenClip', `token clipping belongs to divergences, not to '${objective.kind}'`);
  }
  if (teacher.kind === 'calibrated' && !calibration)
    refuse('calibration', 'a calibrated teacher needs the settings of its Cross-SFT');
  if (policyGradient.outcomeKinds.length > 0 && objective.kind !== 'sampled-advantage')
    refuse('policyGradient.outcomeKinds', 'outcome rewards by query kind belong to the sampled advantage');
  if (policyGradient.outcomeKinds.length > 0 && rolloutsPerQuery < 2)
    refuse(
      'rolloutsPerQuery',
      'outcome rewards are relative to a query’s other answers: take at least 2 rollouts',
    );
  if (objective.kind === 'group-reward' && rolloutsPerQuery < 2)
    refuse('rolloutsPerQuery', 'a group reward needs at least 2 rollouts of each query');
  if (Object.values(mix).every(share => share === 0))
    refuse('mix', 'give at least one kind of prompt a share');
  if (calibration && calibration.harmfulShare + calibration.generalShare > 1)
    refuse('calibration.harmfulShare', 'harmful and general shares of the crossed set exceed the whole');
  if (adapter !== null && !lora) refuse('lora', 'an adapter to start from needs LoRA settings of its shape');
  if (chat && !lora && chat.storage !== 'f32')
    refuse('chat.storage', 'all weights are trained in f32 alone: choose LoRA, or f32 weights');
  if (chat && evaluation.benchmarkItems > 0)
    refuse('evaluation.benchmarkItems', 'the mini-benchmarks are of the embedded world: set 0 items');
  if (chat && evaluation.geometry)
    refuse(
      'evaluation.geometry',
      'the geometry’s reference answers are of the embedded world: switch it off',
    );
  return found;
}
