import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import type { LabError } from '../../contract/errors.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import { PLAIN_LLAMA, type DecoderConfig } from '../config.ts';
import { trlProject, type TrlModel, type TrlRow } from './trl-project.ts';

const DECODER: DecoderConfig = {
  ...PLAIN_LLAMA,
  vocab: 64,
  dim: 16,
  layers: 4,
  heads: 2,
  kvHeads: 1,
  headDim: 8,
  ffn: 24,
  normEps: 1e-5,
  ropeTheta: 10_000,
  contextLength: 64,
  bos: 1,
  eos: [2],
  pad: 0,
};
const ROW: TrlRow = {
  messages: [{ role: 'user', content: 'how do I bake bread' }],
  constitution: 'Be kind.',
  kind: 'benign',
  prompt: Uint32Array.of(1, 3, 42),
  teacherPrompt: Uint32Array.of(1, 2, 9, 3, 42),
};
/** By Python: hashlib.sha256(b"1,3,42").hexdigest()[:16], and of "1,2,9,3,42". */
const PROMPT_DIGEST = 'ffc1b8d41f4a384b';
const TEACHER_DIGEST = '3ccd300e47f93e66';

const project = (changes: Partial<RunConfig> = {}, rows = [ROW], model: TrlModel = { folder: 'model' }) =>
  trlProject({ config: { ...DEFAULT_CONFIG, ...changes }, decoder: DECODER, model, rows });
const settings = (changes: Partial<RunConfig> = {}): Record<string, unknown> =>
  JSON.parse(project(changes).get('settings.json')!) as Record<string, unknown>;

test('a project has its script, its settings, and a line for each query in the order of the steps', () => {
  const second = { ...ROW, constitution: null, teacherPrompt: ROW.prompt };
  const files = project({}, [ROW, second]);
  expect([...files.keys()].sort()).toEqual([
    ...['README.md', 'accelerate.yaml', 'requirements.txt', 'settings.json', 'train.jsonl', 'train.py'],
  ]);
  const lines = files.get('train.jsonl')!.trimEnd().split('\n');
  expect(lines.map(line => JSON.parse(line) as unknown)).toEqual([
    {
      prompt: ROW.messages,
      privileged_context: 'Be kind.',
      kind: 'benign',
      prompt_sha256: PROMPT_DIGEST,
      teacher_sha256: TEACHER_DIGEST,
    },
    {
      prompt: ROW.messages,
      privileged_context: '',
      kind: 'benign',
      prompt_sha256: PROMPT_DIGEST,
      teacher_sha256: PROMPT_DIGEST,
    },
  ]);
  expect(files.get('requirements.txt')).toContain('trl[peft]==');
});

test('the settings are the run’s', () => {
  const lora = { rank: 8, alpha: 16, targets: ['v_proj', 'q_proj'] as ['v_proj', 'q_proj'], lastLayers: 2 };
  expect(settings({ lora, queries: 3, rolloutsPerQuery: 2, divergenceTemperature: 0.7 })).toMatchObject({
    divergence: { alpha: 1, temperature: 0.7, top_k: 0, token_clip: 0 },
    rollouts: { queries: 3, per_query: 2, max_new_tokens: DEFAULT_CONFIG.maxNewTokens },
    lora: { r: 8, lora_alpha: 16, target_modules: ['q_proj', 'v_proj'], layers_to_transform: [2, 3] },
    optimizer: { learning_rate: DEFAULT_CONFIG.optimizer.learningRate, schedule: 'linear' },
    end_of_turn: [2],
    run: { model: DEFAULT_CONFIG.model },
  });
});

describe('what the lab calls otherwise', () => {
  test.each([
    [{ kind: 'reverse-kl' }, 1],
    [{ kind: 'forward-kl' }, 0],
    [{ kind: 'jsd', beta: 0.3 }, 0.3],
  ] as const)('the divergence %o is alpha %d', (objective, alpha) => {
    expect(settings({ objective })).toMatchObject({ divergence: { alpha } });
  });
  test.each([
    [{ kind: 'frozen' }, { kind: 'base', folder: null }],
    [{ kind: 'calibrated' }, { kind: 'base', folder: 'teacher' }],
    [{ kind: 'live' }, { kind: 'live' }],
    [
      { kind: 'refreshed', every: 5 },
      { kind: 'ema', update_rate: 1, sync_steps: 5 },
    ],
    [
      { kind: 'ema', decay: 0.75 },
      { kind: 'ema', update_rate: 0.25, sync_steps: 1 },
    ],
  ] as const)('the teacher %o', (teacher, wanted) => {
    expect(settings({ teacher })).toMatchObject({ teacher: wanted });
  });
});

test.each([
  [{ objective: { kind: 'alpha', alpha: 0.5 } }, 'objective'],
  [{ objective: { kind: 'sampled-advantage' } }, 'objective'],
  [{ teacher: { kind: 'external', model: 'other' } }, 'teacher'],
  [{ teacherContext: 'constitution+gold' }, 'teacherContext'],
  [{ adapter: 'own: a' }, 'adapter'],
] as const)('%o cannot be taken by TRL, and is named', (changes, place) => {
  try {
    project(changes);
  } catch (error) {
    expect((error as LabError).fault).toMatchObject({ code: 'E_EXPORT_TRL', place });
    return;
  }
  expect.fail('it was written');
});

test('what people wrote stands in JSON alone, and comes back as it was', () => {
  const hostile = `"""\n'; import os; os.system("x") #\u2028{prompt} \${HOME} \`id\` <|im_end|>`;
  const row = { ...ROW, messages: [{ role: 'user' as const, content: hostile }], constitution: hostile };
  const constitution = { ...DEFAULT_CONFIG.constitution, title: hostile };
  const hostileFiles = project({ constitution }, [row]);
  const plain = project();
  for (const path of ['train.py', 'README.md', 'accelerate.yaml', 'requirements.txt'])
    expect(hostileFiles.get(path)).toBe(plain.get(path));
  const lines = hostileFiles.get('train.jsonl')!.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    privileged_context: hostile,
    prompt: [{ content: hostile }],
  });
});

test('half a character is written as every UTF-8 encoder writes it', () => {
  const half = { ...ROW, constitution: 'be \ud800kind \u{1f642}' };
  const [line] = project({}, [half]).get('train.jsonl')!.split('\n');
  expect(JSON.parse(line!)).toMatchObject({ privileged_context: 'be \ufffdkind \u{1f642}' });
});

test('the reader is told where the queries of a long run end', () => {
  expect(project({ queries: 1, steps: 3 }).get('README.md')).toContain('of the first step, from');
  expect(project({ queries: 1, steps: 1 }).get('README.md')).not.toContain('begins again');
});

test('the reader is told where the model is', () => {
  expect(project().get('README.md')).toContain('`model/`');
  expect(project({}, [ROW], null).get('README.md')).toContain('--model FOLDER');
  expect(project({}, [ROW], { hub: 'a/b', revision: 'c'.repeat(40) }).get('README.md')).toContain('hub');
  expect(project({ teacher: { kind: 'calibrated' } }).get('README.md')).toContain('`teacher/`');
});
