import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { withRecipe } from '../../src/settings/choices.ts';
import { RECIPES, LORA_LEARNING_RATE, loraOfRank } from '../../src/settings/recipes.ts';
import type { RunConfig } from '../../src/settings/run-config.ts';
import { readOptions, USAGE } from './lab-options.ts';

const config = async (...args: string[]): Promise<RunConfig> => (await readOptions(args))!.config;
/** What the tool itself changes: more held-out queries than the page asks. */
const asTool = (from: RunConfig): RunConfig => ({
  ...from,
  evaluation: { ...from.evaluation, queriesPerKind: 96 },
});

test.each(RECIPES)('--recipe %s is the recipe', async recipe => {
  expect(await config('--recipe', recipe)).toEqual(asTool(withRecipe(DEFAULT_CONFIG, recipe)));
  expect(USAGE).toContain(recipe);
});

test('without options it is OPSD; --help asks for the usage', async () => {
  expect(await readOptions([])).toEqual({
    config: asTool(withRecipe(DEFAULT_CONFIG, 'opsd')),
    json: undefined,
    saveTeacher: undefined,
  });
  expect(await readOptions(['--help'])).toBeUndefined();
});

test.each([
  ['frozen', { kind: 'frozen' }],
  ['live', { kind: 'live' }],
  ['ema:0.9', { kind: 'ema', decay: 0.9 }],
  ['ema:0', { kind: 'ema', decay: 0 }],
  ['refreshed:20', { kind: 'refreshed', every: 20 }],
  ['external:world-f', { kind: 'external', model: 'world-f' }],
  ['external:own: mine', { kind: 'external', model: 'own: mine' }],
])('--teacher %s', async (given, teacher) => {
  expect((await config('--teacher', given)).teacher).toEqual(teacher);
});

test.each([
  [['reverse-kl'], { kind: 'reverse-kl' }],
  [['jsd'], { kind: 'jsd', beta: 0.5 }],
  [['jsd', '--beta', '0.2'], { kind: 'jsd', beta: 0.2 }],
  [['skew-forward'], { kind: 'skew-forward', lambda: 0.1 }],
  [['skew-reverse', '--beta', '0.3'], { kind: 'skew-reverse', lambda: 0.3 }],
  [['alpha', '--beta', '0'], { kind: 'alpha', alpha: 0 }],
])('--divergence %s', async (given, objective) => {
  expect((await config('--divergence', ...given)).objective).toEqual(objective);
});

test('a policy gradient gets answers to compare, unless the recipe or the person says how many', async () => {
  const counts = async (...args: string[]) => {
    const { queries, rolloutsPerQuery } = await config(...args);
    return [queries, rolloutsPerQuery];
  };
  expect(await counts('--divergence', 'sampled-advantage')).toEqual([4, 4]);
  expect(await counts('--divergence', 'group-reward', '--queries', '3', '--rollouts', '5')).toEqual([3, 5]);
  expect(await counts('--recipe', 'grpo')).toEqual([4, 8]);
  expect(await counts('--divergence', 'forward-kl')).toEqual([16, 1]);
});

test('numbers go where they belong', async () => {
  const args = `--recipe copsd --steps 7 --seed 9 --lr 0.01 --temperature 0.5 --top-k 6 --clip 2 --skip 1 --epochs 4 --pairs 64
    --no-self-answers --every 3 --eval 5 --benchmarks 2 --inspect 4 --no-geometry --model mine --json run.json --save-teacher t.safetensors`;
  const options = (await readOptions(args.split(/\s+/)))!;
  const { steps, seed, temperature, model, shaping, evaluation, calibration, optimizer } = options.config;
  expect({ steps, seed, temperature, model, learningRate: optimizer.learningRate }).toEqual({
    steps: 7,
    seed: 9,
    temperature: 0.5,
    model: 'mine',
    learningRate: 0.01,
  });
  expect(shaping).toMatchObject({ topK: 6, tokenClip: 2, skipFirst: 1 });
  expect(evaluation).toMatchObject({
    every: 3,
    queriesPerKind: 5,
    geometry: false,
    benchmarkItems: 2,
    inspect: 4,
  });
  expect(calibration).toMatchObject({ epochs: 4, pairs: 64, selfAnswers: false });
  expect([options.json, options.saveTeacher]).toEqual(['run.json', 't.safetensors']);
  const policy = await config(...'--recipe grpo --clip-ratio 0 --anchor 0.5 --updates 3'.split(' '));
  expect(policy.policyGradient).toMatchObject({ clipRatio: 0, anchor: 0.5, updates: 3, outcomeKinds: [] });
});

test('an adapter learns faster, unless told how fast', async () => {
  const adapter = await config('--lora', '8');
  expect(adapter.lora).toEqual(loraOfRank(8));
  expect(adapter.optimizer.learningRate).toBe(LORA_LEARNING_RATE);
  expect((await config('--lora', '8', '--lr', '0.5')).optimizer.learningRate).toBe(0.5);
  expect((await config('--recipe', 'bottleneck')).optimizer.learningRate).toBe(1e-2);
});

test('a constitution is read from its file', async () => {
  const { constitution } = await config('--constitution', 'public/constitutions/violence-only.json');
  expect(constitution.clauses.map(({ category }) => category)).toContain('violence');
});

describe('what does not fit together is refused with its place', () => {
  test.each([
    ['recipe', '--recipe copds'],
    ['teacher.kind', '--teacher oracle'],
    ['teacher.decay', '--teacher ema'],
    ['teacher.decay', '--teacher ema:2'],
    ['teacher.every', '--teacher refreshed'],
    ['teacher.model', '--teacher external'],
    ['calibration', '--teacher calibrated'],
    ['objective.kind', '--divergence kl'],
    ['objective.answers', '--divergence supervised'],
    ['objective.beta', '--divergence jsd --beta 2'],
    ['rolloutsPerQuery', '--recipe grpo --rollouts 1'],
    ['shaping.topK', '--recipe grpo --top-k 4'],
    ['steps', '--steps many'],
    ['options', '--stepps 3'],
    ['options', '--steps'],
  ])('%s: %s', async (place, args) => {
    await expect(readOptions(args.split(' '))).rejects.toMatchObject({ fault: { code: 'E_CONFIG', place } });
  });
});

test('a recorded run from before says how to repeat it', async () => {
  const path = 'public/runs/grpo-1.json';
  const record = JSON.parse(await readFile(path, 'utf8')) as { receipt: { config: RunConfig } };
  expect(await config('--config', path)).toMatchObject(record.receipt.config);
  await expect(readOptions(['--config', path, '--lr', '1'])).rejects.toMatchObject({
    fault: { code: 'E_CONFIG', place: 'config' },
  });
});

test('any setting goes by its path', async () => {
  const args =
    '--optimizer.beta2 0.98 --optimizer.schedule cosine --lora 2 --lora.targets q_proj,v_proj --evaluation.geometry false --optimizer.learningRate 0.01';
  expect(await config(...args.split(' '))).toMatchObject({
    optimizer: { beta2: 0.98, schedule: 'cosine', learningRate: 0.01 },
    lora: { rank: 2, targets: ['q_proj', 'v_proj'] },
    evaluation: { geometry: false },
  });
  expect(await config('--divergence', 'supervised', '--objective.answers', 'refuse')).toMatchObject({
    objective: { kind: 'supervised', answers: 'refuse' },
  });
});

test('what the settings have no place for is refused by its name', async () => {
  for (const [place, args] of [
    ['calibration.epochs', '--epochs 4'],
    ['policyGradient.anchor', '--anchor 0.1'],
    ['objective.beta', '--beta 0.5'],
    ['optimizer.schedule', '--optimizer.schedule square'],
  ] as const)
    await expect(readOptions(args.split(' '))).rejects.toMatchObject({ fault: { code: 'E_CONFIG', place } });
  for (const name of ['--lr', '--top-k', '--no-self-answers', '--eval', '--optimizer.beta2'])
    expect(USAGE).toContain(name);
});
