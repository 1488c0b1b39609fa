import type { ModelFacts } from '../protocol/model-api.ts';
import { WEIGHT_STORAGE } from '../settings/chat-config.ts';
import { modelSize } from '../model/checkpoint/model-size.ts';
import type { DecoderConfig } from '../model/config.ts';

/** A model's facts from its configuration. */
export function modelFacts(config: DecoderConfig): ModelFacts {
  const stored = WEIGHT_STORAGE.map(storage => [storage, modelSize(config, storage).bytes] as const);
  return {
    family: config.family,
    parameters: modelSize(config, 'f32').parameters,
    layers: config.layers,
    hiddenSize: config.dim,
    vocabulary: config.vocab,
    contextLength: config.contextLength,
    storedBytes: Object.fromEntries(stored) as ModelFacts['storedBytes'],
  };
}
