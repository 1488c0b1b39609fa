import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import type { CalibrationConfig } from '../settings/method-config.ts';
import { DEFAULT_CALIBRATION } from '../settings/recipes.ts';
import type { Constitution } from '../contract/world.ts';
import { createPromptBuilder } from '../data/prompt.ts';
import { createWorldTokenizer } from '../data/tokenizer.ts';
import { buildTokenizerConfig, buildTokenizerJson } from '../data/tokenizer-files.ts';
import { worldWords } from '../world/vocabulary.ts';
import { buildCrossedSet, type CrossedPair } from './cross-sft.ts';
import type { TaskSource } from '../tasks/task.ts';
import { worldTasks } from '../tasks/world-tasks.ts';
import { generateAll, type AnswerGenerator } from './generator.ts';

const tokenizer = createWorldTokenizer(buildTokenizerJson(worldWords()), buildTokenizerConfig());
const prompts = createPromptBuilder(tokenizer);

/** Only violence is covered; harm of any other category is not. */
const VIOLENCE: Constitution = {
  title: 'Violence',
  clauses: [{ id: 'v', text: 'No violence.', category: 'violence', style: null, enabled: true }],
};

const tasksOf = (seed = 1, constitution: Constitution = VIOLENCE): TaskSource =>
  worldTasks(
    { ...DEFAULT_CONFIG, seed, constitution: { ...constitution, clauses: [...constitution.clauses] } },
    { tokenizer, prompts },
  );

interface Asked {
  readonly prompt: string;
  readonly stream: number;
  readonly row: number;
  readonly seed: number;
}

/** Answers that say who gave them, and from which random numbers. */
function fakeGenerator(mark: number, slots = 32): AnswerGenerator & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    slots,
    write: (given, { stream, seed, temperature }) => {
      expect(given.length).toBeLessThanOrEqual(slots);
      expect(temperature).toBe(1);
      return Promise.resolve(
        given.map((prompt, row) => {
          asked.push({ prompt: prompt.join(), stream, row, seed });
          const none = new Float32Array(2);
          return { tokens: Uint32Array.of(mark, asked.length), logProbs: none, entropies: none };
        }),
      );
    },
  };
}

async function crossed(
  changes: Partial<CalibrationConfig> = {},
  seed = 1,
  tasks = tasksOf(seed),
  slots = 32,
) {
  const [self, frontier] = [fakeGenerator(300, slots), fakeGenerator(301, slots)];
  const calibration = { ...DEFAULT_CALIBRATION, pairs: 200, ...changes };
  const config = { seed, maxNewTokens: 8 };
  const batches: CrossedPair[][] = [];
  for await (const batch of buildCrossedSet(config, calibration, tasks, { self, frontier }))
    batches.push(batch);
  return { batches, pairs: batches.flat(), self, frontier };
}

test('covered harm is answered by the frontier under the constitution, all else by the student without it', async () => {
  const { batches, pairs, self, frontier } = await crossed();
  expect(batches.map(batch => batch.length)).toEqual([64, 64, 64, 8]);
  expect(pairs.map(({ row }) => row.id)).toEqual(Array.from({ length: 200 }, (_, id) => id));
  const drawn = tasksOf().drawn(
    { benign: 0.225, borderline: 0.225, harmful: 0.4, general: 0.15 },
    200,
    0x4300_0000,
  );
  const askedOf = {
    self: new Set(self.asked.map(({ prompt }) => prompt)),
    frontier: new Set(frontier.asked.map(({ prompt }) => prompt)),
  };
  for (const [i, { row, prompt, response }] of pairs.entries()) {
    const task = drawn[i]!;
    expect(row.query).toBe(task.query);
    const expected = row.kind === 'harmful' && row.category === 'violence' ? 'frontier' : 'self';
    expect(row.source).toBe(expected);
    expect(response[0]).toBe(expected === 'self' ? 300 : 301);
    // Always learnt under the constitution; only the frontier answers under it too.
    expect(prompt).toEqual(task.teacherPrompt);
    expect(askedOf[expected].has((expected === 'self' ? task.prompt : task.teacherPrompt).join())).toBe(true);
    expect(row.constitution === null).toBe(row.category !== 'violence');
    expect(row.answer.tokens).toBe(2);
  }
  const harm = pairs.filter(({ row }) => row.kind === 'harmful');
  expect(new Set(harm.map(({ row }) => row.source))).toEqual(new Set(['self', 'frontier']));
  expect(self.asked.length + frontier.asked.length).toBe(200);
});

test('each answer belongs to its query, in whichever order the generators were asked', async () => {
  const { pairs, self, frontier } = await crossed();
  const tasks = new Map(
    tasksOf()
      .drawn({ benign: 0.225, borderline: 0.225, harmful: 0.4, general: 0.15 }, 200, 0x4300_0000)
      .map(task => [task.teacherPrompt.join(), task]),
  );
  for (const { row, prompt, response } of pairs) {
    const task = tasks.get(prompt.join())!;
    const { asked } = row.source === 'self' ? self : frontier;
    expect(asked[response[1]! - 1]!.prompt).toBe(
      (row.source === 'self' ? task.prompt : task.teacherPrompt).join(),
    );
  }
});

test('no two answers share their random numbers, whatever the generators take at once', async () => {
  for (const slots of [7, 32, 128]) {
    const { self, frontier } = await crossed({ pairs: 600 }, 1, tasksOf(), slots);
    const numbers = [...self.asked, ...frontier.asked].map(({ stream, row }) => `${stream} ${row}`);
    expect(new Set(numbers).size).toBe(600);
  }
});

test('shares of kinds are those asked for; a general style covers no harm', async () => {
  const share = (pairs: readonly CrossedPair[], kind: string): number =>
    pairs.filter(({ row }) => row.kind === kind).length / pairs.length;
  const { pairs } = await crossed({ pairs: 1000, harmfulShare: 0.5, generalShare: 0.1 });
  expect(share(pairs, 'harmful')).toBeCloseTo(0.5, 1);
  expect(share(pairs, 'general')).toBeCloseTo(0.1, 1);
  expect(share(pairs, 'benign')).toBeCloseTo(0.2, 1);
  const whole = await crossed({ harmfulShare: 0.6, generalShare: 0.4 });
  expect(share(whole.pairs, 'benign') + share(whole.pairs, 'borderline')).toBe(0);
  const kind: Constitution = {
    title: 'k',
    clauses: [{ id: 'k', text: 'Be kind.', category: null, style: 'kind', enabled: true }],
  };
  const styled = await crossed({}, 1, tasksOf(1, kind));
  expect(styled.frontier.asked).toEqual([]);
});

test('without self-answers the set is the part of the frontier alone, and empty where nothing is covered', async () => {
  const all = await crossed();
  const { pairs, self } = await crossed({ selfAnswers: false });
  expect(self.asked).toEqual([]);
  const queries = (of: readonly CrossedPair[]): string[] => of.map(({ row }) => row.query);
  expect(queries(pairs)).toEqual(queries(all.pairs.filter(({ row }) => row.source === 'frontier')));
  expect(pairs.map(({ row }) => row.id)).toEqual(pairs.map((_, id) => id));
  const nothing = await crossed({ selfAnswers: false }, 1, tasksOf(1, { title: '', clauses: [] }));
  expect(nothing.pairs).toEqual([]);
});

test('the same seed writes the same set, another seed another', async () => {
  const first = await crossed();
  const again = await crossed();
  expect(again.pairs).toEqual(first.pairs);
  expect(again.self.asked).toEqual(first.self.asked);
  const other = await crossed({}, 2);
  expect(other.pairs.map(({ row }) => row.query)).not.toEqual(first.pairs.map(({ row }) => row.query));
  expect(new Set(other.self.asked.map(({ seed }) => seed))).toEqual(new Set([2]));
});

test('prompts beyond the slots of a generator are asked in slices of their own numbers, in order', async () => {
  const generator = fakeGenerator(300, 3);
  const given = Array.from({ length: 7 }, (_, i) => Uint32Array.of(i));
  const answers = await generateAll(generator, given, { seed: 1, stream: 100, maxNewTokens: 4 });
  expect(answers.map(({ tokens }) => tokens[1])).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(generator.asked.map(({ prompt, stream, row }) => [prompt, stream, row])).toEqual([
    ...[
      ['0', 100, 0],
      ['1', 100, 1],
      ['2', 100, 2],
      ['3', 103, 0],
      ['4', 103, 1],
      ['5', 103, 2],
      ['6', 106, 0],
    ],
  ]);
});
