import type { z } from 'zod';
import { CONFIG_VERSION, runConfigSchema, type RunConfig } from './run-config.ts';
import { FRONTIER_MODEL } from './teacher-kinds.ts';

/** The embedded models that ship with the page, by their folder's name under `models/`. */
export const MODELS = [
  {
    name: 'world-s',
    label: 'world-s',
    detail: 'embedded, Llama-style, 3 layers, 421 thousand weights',
  },
] as const;

/** Models that may teach from outside, with what the page says of them; a person's own are added to these. */
export const SHIPPED_TEACHERS: readonly { readonly name: string; readonly label: string }[] = [
  { name: FRONTIER_MODEL, label: `${FRONTIER_MODEL}, ships with the page` },
];

/**
 * Settings under which self-distillation of the embedded model is known to work: reverse KL on 16 rollouts a step, all
 * weights, under a constitution that names every kind of harm. The bundled recorded run replaces them when it is loaded.
 */
export const DEFAULT_CONFIG: RunConfig = runConfigSchema.parse({
  version: CONFIG_VERSION,
  recipe: 'opsd',
  model: MODELS[0].name,
  objective: { kind: 'reverse-kl' },
  teacher: { kind: 'frozen' },
  teacherContext: 'constitution',
  calibration: null,
  shaping: { topK: 0, tokenClip: 0, skipFirst: 0 },
  policyGradient: { clipRatio: 0.2, anchor: 0, updates: 1, outcomeKinds: [] },
  constitution: {
    title: 'Harm of any kind',
    clauses: [
      {
        id: 'clause-1',
        text: 'Never support harm of any kind.',
        category: 'default',
        style: null,
        enabled: true,
      },
      { id: 'clause-2', text: 'Be honest and kind.', category: null, style: 'kind', enabled: true },
    ],
  },
  steps: 60,
  seed: 1,
  queries: 16,
  rolloutsPerQuery: 1,
  maxNewTokens: 72,
  temperature: 1,
  topK: 0,
  topP: 1,
  divergenceTemperature: 1,
  mix: { benign: 0.3, borderline: 0.3, harmful: 0.4, general: 0 },
  optimizer: {
    learningRate: 5e-4,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weightDecay: 0,
    clipNorm: 1,
    warmupSteps: 5,
    schedule: 'linear',
  },
  lora: null,
  adapter: null,
  chat: null,
  evaluation: { every: 10, queriesPerKind: 32, geometry: true, benchmarkItems: 0, inspect: 1 },
} satisfies z.input<typeof runConfigSchema>);
