import { isDivergence, isPolicyGradient, objectiveOf, type Objective } from './objectives.ts';
import { DEFAULT_CALIBRATION, LORA_LEARNING_RATE, loraOfRank, recipeOf, type RecipeName } from './recipes.ts';
import { DEFAULT_CONFIG } from './default-config.ts';
import type { RunConfig } from './run-config.ts';
import { teacherKindOf, type TeacherConfig } from './teacher-kinds.ts';

/** Rollouts of a group compare with each other; elsewhere one of each of more queries teaches more. */
function withGroups(config: RunConfig, from: Objective, to: Objective): RunConfig {
  const answers = config.queries * config.rolloutsPerQuery;
  if (isPolicyGradient(to) && config.rolloutsPerQuery === 1)
    return answers % 4 === 0
      ? { ...config, queries: answers / 4, rolloutsPerQuery: 4 }
      : { ...config, rolloutsPerQuery: 4 };
  if (!isPolicyGradient(to) && isPolicyGradient(from) && answers <= 256)
    return { ...config, queries: answers, rolloutsPerQuery: 1 };
  return config;
}

/** `config` with another objective; what has a meaning under the old one only is set back along with it. */
export function withObjective(config: RunConfig, kind: Objective['kind']): RunConfig {
  const { objective: from, shaping, policyGradient } = config;
  if (kind === from.kind) return config;
  const objective = { ...objectiveOf(kind).usual };
  const divergence = isDivergence(objective);
  return withGroups(
    {
      ...config,
      objective,
      divergenceTemperature: divergence ? config.divergenceTemperature : 1,
      shaping: divergence ? shaping : { ...shaping, topK: 0, tokenClip: 0 },
      policyGradient: kind === 'sampled-advantage' ? policyGradient : { ...policyGradient, outcomeKinds: [] },
    },
    from,
    objective,
  );
}

/** `config` with another teacher; Cross-SFT comes and goes with the calibrated one. */
export function withTeacher(config: RunConfig, kind: TeacherConfig['kind']): RunConfig {
  if (kind === config.teacher.kind) return config;
  return {
    ...config,
    teacher: { ...teacherKindOf({ kind }).usual },
    calibration: kind === 'calibrated' ? (config.calibration ?? DEFAULT_CALIBRATION) : null,
  };
}

/** `config` with an adapter, or without one; the learning rate goes along where it is still the usual one. */
export function withAdapter(config: RunConfig, adapter: boolean): RunConfig {
  const { optimizer } = config;
  const [all, low] = [DEFAULT_CONFIG.optimizer.learningRate, LORA_LEARNING_RATE];
  const [from, to] = adapter ? [all, low] : [low, all];
  const learningRate = optimizer.learningRate === from ? to : optimizer.learningRate;
  return { ...config, lora: adapter ? loraOfRank(8) : null, optimizer: { ...optimizer, learningRate } };
}

/** The settings of a recipe; model, constitution, seed, sampling and evaluation stay those of `config`. */
export function withRecipe(config: RunConfig, recipe: RecipeName): RunConfig {
  const { policyGradient, optimizer, ...changes } = recipeOf(recipe).config;
  const { model, adapter, chat, constitution, seed, maxNewTokens, temperature, topK, topP, evaluation } =
    config;
  return {
    ...DEFAULT_CONFIG,
    ...changes,
    policyGradient: { ...DEFAULT_CONFIG.policyGradient, ...policyGradient },
    optimizer: { ...DEFAULT_CONFIG.optimizer, ...optimizer },
    recipe,
    model,
    adapter,
    chat,
    constitution,
    seed,
    maxNewTokens,
    temperature,
    topK,
    topP,
    evaluation,
  };
}
