import { expect, it } from 'vitest';
import type { LabClient } from '../client/lab-client.ts';
import { DEFAULT_CONFIG } from '../contract/default-config.ts';
import { LabError } from '../contract/errors.ts';
import type { Outcome } from '../contract/lab-api.ts';
import type { MemoryForecast } from '../contract/model-api.ts';
import { loraOfRank } from '../contract/recipes.ts';
import { createConfigStore } from './config-store.ts';
import { createModelActions } from './model-store.ts';

const refusal = (code: 'E_CLASSIFIER_FILE' | 'E_MODEL_FILE'): Outcome<never> => ({
  ok: false,
  fault: new LabError({ code, message: 'no', consequence: 'none', nextStep: 'another' }).fault,
});

const FORECAST: MemoryForecast = {
  peakBytes: 5,
  shares: { weights: 1, learner: 1, activations: 1, cache: 1, logits: 1 },
  refused: null,
};

/** The page's actions with a chat model in the draft, on a worker whose forecasts are answered when the test says. */
function openModels() {
  const config = createConfigStore(
    {
      ...DEFAULT_CONFIG,
      ...{ model: 'own: tiny', lora: loraOfRank(2) },
      evaluation: { ...DEFAULT_CONFIG.evaluation, geometry: false },
      chat: { storage: 'f16', recompute: 'auto', prompts: null, thinking: false, classifier: null },
    },
    false,
  );
  const forecasts: ((outcome: Outcome<MemoryForecast>) => void)[] = [];
  const client = {
    addClassifier: async () => refusal('E_CLASSIFIER_FILE'),
    forecast: () => new Promise<Outcome<MemoryForecast>>(answer => forecasts.push(answer)),
  } as Partial<LabClient> as LabClient;
  const models = createModelActions(config, () => client);
  return { models, forecasts, now: () => models.store.getState() };
}

it('leaves a refusal to be read while the page computes the memory by itself', async () => {
  const { models, forecasts, now } = openModels();
  await models.addClassifier([]);
  expect(now().fault?.code).toBe('E_CLASSIFIER_FILE');
  const predicted = models.predict();
  expect(now()).toMatchObject({ busy: 'Computing the memory', fault: { code: 'E_CLASSIFIER_FILE' } });
  forecasts[0]!({ ok: true, value: FORECAST });
  await predicted;
  expect(now()).toMatchObject({ busy: null, forecast: FORECAST, fault: { code: 'E_CLASSIFIER_FILE' } });
});

it('takes back what the page’s own question met once it is answered', async () => {
  const { models, forecasts, now } = openModels();
  const first = models.predict();
  forecasts[0]!(refusal('E_MODEL_FILE'));
  await first;
  expect(now()).toMatchObject({ forecast: null, fault: { code: 'E_MODEL_FILE' } });
  const second = models.predict();
  forecasts[1]!({ ok: true, value: FORECAST });
  await second;
  expect(now()).toMatchObject({ forecast: FORECAST, fault: null });
});

it('stays busy until the last of several questions is answered', async () => {
  const { models, forecasts, now } = openModels();
  const predicted = models.predict();
  await models.addClassifier([]);
  expect(now().busy).toBe('Computing the memory');
  forecasts[0]!({ ok: true, value: FORECAST });
  await predicted;
  expect(now().busy).toBe(null);
});
