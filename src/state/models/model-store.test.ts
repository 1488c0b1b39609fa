import { expect, it, vi } from 'vitest';
import type { LabClient } from '../../client/lab-client.ts';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { LabError } from '../../contract/errors.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import type {
  AddedAdapter,
  MemoryForecast,
  ModelDescription,
  ModelLibrary,
} from '../../protocol/model-api.ts';
import { loraOfRank } from '../../settings/recipes.ts';
import { createConfigStore } from '../setup/config-store.ts';
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

const DESCRIPTION: ModelDescription = {
  name: '',
  facts: {
    family: 'qwen2',
    parameters: 1,
    layers: 1,
    hiddenSize: 1,
    vocabulary: 1,
    contextLength: 1,
    storedBytes: { f32: 4, f16: 2, q8: 1 },
  },
  chat: true,
  thinking: false,
  notes: [],
};
const library: ModelLibrary = {
  models: [{ name: 'own: tiny', origin: 'disk', bytes: 1, totalBytes: 1, state: 'complete' }],
  usage: null,
};

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The page's actions with a chat model in the draft, on a worker whose forecasts are answered when the test says. */
function openModels() {
  const config = createConfigStore(
    {
      ...DEFAULT_CONFIG,
      model: 'own: tiny',
      lora: loraOfRank(2),
      evaluation: { ...DEFAULT_CONFIG.evaluation, geometry: false },
      chat: { storage: 'f16', recompute: 'auto', prompts: null, thinking: false, classifier: null },
    },
    false,
  );
  const descriptions = new Map<string, () => void>();
  const forecasts: ((outcome: Outcome<MemoryForecast>) => void)[] = [];
  const client = {
    addClassifier: async () => refusal('E_CLASSIFIER_FILE'),
    models: async () => ({ ok: true as const, value: library }),
    describeModel: (name: string) =>
      new Promise<Outcome<ModelDescription>>(answer =>
        descriptions.set(name, () => answer({ ok: true, value: { ...DESCRIPTION, name } })),
      ),
    forecast: () => new Promise<Outcome<MemoryForecast>>(answer => forecasts.push(answer)),
  } as Partial<Writable<LabClient>> as Writable<LabClient>;
  const models = createModelActions(config, () => client);
  return { config, client, models, forecasts, descriptions, now: () => models.store.getState() };
}

it('leaves a refusal to be read while the page computes the memory by itself', async () => {
  const { models, forecasts, now } = openModels();
  await models.addClassifier([]);
  expect(now().fault?.code).toBe('E_CLASSIFIER_FILE');
  const predicted = models.predict();
  expect(now()).toMatchObject({ busy: null, fault: { code: 'E_CLASSIFIER_FILE' } });
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

it('is busy as long as anything is done for a person, and not for what the page asks by itself', async () => {
  const { models, descriptions, forecasts, now } = openModels();
  const chosen = models.choose('own: tiny');
  await models.addClassifier([]);
  const predicted = models.predict();
  forecasts[0]!({ ok: true, value: FORECAST });
  await predicted;
  expect(now().busy).toBe('Reading its tokenizer');
  descriptions.get('own: tiny')!();
  await chosen;
  const again = models.predict();
  expect(now().busy).toBe(null);
  forecasts[1]!({ ok: true, value: FORECAST });
  await again;
  expect(now().busy).toBe(null);
});

it('describes the model of the draft alone, however late another’s answer comes', async () => {
  const { config, models, descriptions, now } = openModels();
  const late = models.describe('own: tiny');
  config.edit(draft => ({ ...draft, model: 'own: other' }));
  const other = models.describe('own: other');
  descriptions.get('own: other')!();
  await other;
  descriptions.get('own: tiny')!();
  await late;
  expect(now().description?.name).toBe('own: other');
});

it('describes a model of a link once it is here', async () => {
  const { models, descriptions, now } = openModels();
  const looked = models.refresh();
  await vi.waitFor(() => expect(descriptions.has('own: tiny')).toBe(true));
  descriptions.get('own: tiny')!();
  await looked;
  expect(now().description?.name).toBe('own: tiny');
});

it('chooses the model that was chosen last, whichever is read first', async () => {
  const { config, models, descriptions } = openModels();
  const slow = models.choose('own: slow');
  const quick = models.choose('own: quick');
  descriptions.get('own: quick')!();
  await quick;
  descriptions.get('own: slow')!();
  await slow;
  expect(config.store.getState().draft.model).toBe('own: quick');
});

it('gives an adapter to the model that it was read for alone', async () => {
  const { config, models, client } = openModels();
  let answer: (outcome: Outcome<AddedAdapter>) => void = () => undefined;
  client.addAdapter = () => new Promise(resolve => (answer = resolve));
  const added = models.addAdapter([]);
  config.edit(draft => ({ ...draft, model: 'own: other' }));
  answer({ ok: true, value: { name: 'own: adapter', lora: loraOfRank(8), base: null } });
  await added;
  expect(config.store.getState().draft).toMatchObject({ adapter: null, lora: loraOfRank(2) });
});

it('says nothing of a forecast for settings that have changed since', async () => {
  const { config, models, forecasts, now } = openModels();
  const late = models.predict();
  config.edit(draft => ({ ...draft, seed: 7 }));
  const predicted = models.predict();
  forecasts[1]!({ ok: true, value: FORECAST });
  await predicted;
  forecasts[0]!(refusal('E_MODEL_FILE'));
  await late;
  expect(now()).toMatchObject({ forecast: FORECAST, fault: null });
});
