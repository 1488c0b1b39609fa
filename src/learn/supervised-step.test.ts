import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import type { Label, QueryKind } from '../contract/world.ts';
import { STREAM } from '../tasks/seeds.ts';
import type { AnsweredPrompt, FineTuner } from './supervised-training.ts';
import { buildTargets, supervisedStep } from './supervised-step.ts';
import type { Task, TaskSource } from '../tasks/task.ts';
import type { AnswerGenerator } from './generator.ts';

/** Tasks in turn of these kinds; the prompt is the task's number, under the constitution a thousand more. */
function tasksOf(kinds: readonly QueryKind[]): TaskSource {
  const task = (i: number): Task =>
    ({
      kind: kinds[i % kinds.length],
      prompt: Uint32Array.of(i),
      teacherPrompt: Uint32Array.of(1000 + i),
      judge: (answer: Uint32Array) => ({
        label: (['refuse', 'rich', 'comply'] satisfies Label[])[answer[1]!],
      }),
    }) as unknown as Task;
  const drawn: TaskSource['drawn'] = (mix, count, stream) => {
    expect([mix, stream]).toEqual([DEFAULT_CONFIG.mix, STREAM.targets]);
    return Array.from({ length: count }, (_, i) => task(i));
  };
  return { drawn } as unknown as TaskSource;
}

/** Answers each prompt with itself and a label: by turns, or always the same. */
const generator = (label: (prompt: number) => number): AnswerGenerator => ({
  slots: 100,
  write: prompts =>
    Promise.resolve(
      prompts.map(([prompt]) => ({
        tokens: Uint32Array.of(prompt!, label(prompt!)),
        logProbs: new Float32Array(2),
        entropies: new Float32Array(2),
      })),
    ),
});

test('harmful answers are kept where they are judged as asked for, others all; given under the constitution, learnt without', async () => {
  const targets = await buildTargets(
    ...([DEFAULT_CONFIG, 'rich', tasksOf(['harmful', 'benign']), generator(prompt => prompt % 3)] as const),
  );
  const numbers = Array.from({ length: 256 }, (_, i) => i).filter(i => i % 2 === 1 || (1000 + i) % 3 === 1);
  expect(targets.map(({ prompt }) => prompt[0])).toEqual(numbers);
  expect(targets.map(({ response }) => response[0])).toEqual(numbers.map(i => 1000 + i));
});

test('too few fitting answers are an error that says how many', async () => {
  const few = (fitting: number) =>
    buildTargets(
      DEFAULT_CONFIG,
      'refuse',
      tasksOf(['harmful']),
      generator(prompt => (prompt < 1000 + fitting ? 0 : 2)),
    );
  expect(await few(8)).toHaveLength(8);
  await expect(few(7)).rejects.toThrow(/E_TARGETS: only 7 of 256 answers/);
});

test('a step draws its pairs by seed and step, and says what it took', async () => {
  const targets = Array.from({ length: 50 }, (_, i): AnsweredPrompt => ({
    prompt: Uint32Array.of(i),
    response: new Uint32Array(1 + (i % 4)),
  }));
  const config = { ...DEFAULT_CONFIG, queries: 3, rolloutsPerQuery: 2 };
  const gradient = { norm: 1, clipScale: 1, nonFinite: 0 };
  const good = { loss: 2, gradient, entropy: 0.5, answerLoss: 2 };
  const step = async (number: number, report = good) => {
    const taken: { pairs: readonly AnsweredPrompt[]; learningRate: number }[] = [];
    const tuner = {
      step: (pairs: readonly AnsweredPrompt[], { learningRate }: { learningRate: number }) => {
        taken.push({ pairs, learningRate });
        return Promise.resolve(report);
      },
    } as unknown as FineTuner;
    const record = await supervisedStep(tuner, targets, { config, step: number, learningRate: 0.125 });
    return { record, ...taken[0]! };
  };
  const first = await step(1);
  expect(first.learningRate).toBe(0.125);
  expect(first.pairs).toHaveLength(6);
  const tokens = first.pairs.reduce((sum, { response }) => sum + response.length, 0);
  expect(first.record).toMatchObject({
    step: 1,
    loss: 2,
    studentEntropy: 0.5,
    tokens,
    length: tokens / 6,
    learningRate: 0.125,
    reverseKl: null,
    teacherEntropy: null,
    kinds: {},
  });
  expect((await step(1)).pairs).toEqual(first.pairs);
  expect((await step(2)).pairs).not.toEqual(first.pairs);
  await expect(step(3, { ...good, loss: Number.NaN })).rejects.toThrow(/E_RUN_NOT_FINITE: step 3/);
  // The norm leaves out what is not finite: the count alone tells that the step changed nothing.
  const skipped = step(4, { ...good, gradient: { norm: 1, clipScale: 0, nonFinite: 7 } });
  await expect(skipped).rejects.toThrow(/E_RUN_NOT_FINITE: step 4 .*7 of the gradient/);
});
