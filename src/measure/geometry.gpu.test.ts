import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import { Gpu } from '../gpu/gpu.ts';
import { readConfig } from '../model/config.ts';
import { decoderForward } from '../reference/decoder-forward.ts';
import { predictingRows } from '../reference/packed-batch.ts';
import { segmentMean } from '../reference/segment-mean.ts';
import { logSoftmax } from '../reference/softmax.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { goldenBatch, loadGolden, referenceModel } from '../testing/golden.ts';
import { tinyLab } from '../testing/tiny-lab.ts';
import { GeometryProbe, type ProbedResponse } from './geometry-probe.ts';
import { GeometryTracker, type GeometryAnswer } from './geometry.ts';
import { loadModel } from '../learn/policy.ts';
import { worldTasks } from '../tasks/world-tasks.ts';

async function goldenProbe(layer: 'final' | 'residual') {
  const golden = await loadGolden('odd');
  const gpu = new Gpu(await requestTestDevice());
  const config = readConfig(golden.config);
  const { decoder } = loadModel(gpu, gpu.memory, config, await golden.tensors('model'));
  const { student, response } = golden.cases;
  const responses = response.map((tokens, i): ProbedResponse => ({
    prompt: Uint32Array.from(student[i]!.slice(0, student[i]!.length - tokens.length)),
    response: Uint32Array.from(tokens),
  }));
  const probe = new GeometryProbe(gpu, gpu.memory, config, { longest: 64, layer });
  const { batch, rows, targets } = goldenBatch(golden, 'student');
  const reference = decoderForward(await referenceModel(golden), batch, rows);
  return { gpu, config, decoder, probe, responses, reference, rows, targets };
}

/** First and last predicting row of each response, as segments. */
function segments(responses: readonly ProbedResponse[]) {
  const lengths = responses.map(({ prompt, response }) => prompt.length + response.length);
  const ends = predictingRows(
    lengths.map(length => new Uint32Array(length)),
    responses.map(() => 1),
  );
  const end = [...ends].map(row => row + 1);
  return { start: end.map((row, i) => row - responses[i]!.response.length), end };
}

test('mean states of responses agree with the reference, after the final norm and before it', async () => {
  for (const layer of ['final', 'residual'] as const) {
    const { gpu, config, decoder, probe, responses, reference } = await goldenProbe(layer);
    const { start, end } = segments(responses);
    const states = layer === 'final' ? reference.norm.y : reference.norm.x;
    const wanted = segmentMean(states, start, end, config.dim);
    assertClose(await probe.encode(decoder, responses), wanted, 'f32Decoder', layer);
    gpu.memory.release();
  }
});

test('log-probabilities of responses agree with the reference, however they are packed', async () => {
  const { gpu, config, decoder, probe, responses, reference, targets } = await goldenProbe('final');
  const wanted = responses.map(() => 0);
  let token = 0;
  for (const [i, { response }] of responses.entries())
    for (let t = 0; t < response.length; t++, token++) {
      const row = reference.logits.subarray(token * config.vocab, (token + 1) * config.vocab);
      wanted[i]! += logSoftmax(row)[targets[token]!]!;
    }
  assertClose(await probe.logProbs(decoder, responses), wanted, 'f32Decoder');
  const many = Array.from({ length: 200 }, (_, i) => responses[i % responses.length]!);
  const packed = await probe.logProbs(decoder, many);
  const means = await probe.encode(decoder, many);
  assertClose(
    packed,
    many.map((_, i) => wanted[i % responses.length]!),
    'f32Decoder',
  );
  const last = (199 % responses.length) * config.dim;
  const alone = await probe.encode(decoder, responses);
  assertClose(means.subarray(199 * config.dim), alone.subarray(last, last + config.dim), 'f32Decoder');
  gpu.memory.release();
});

async function tinyTracker() {
  const gpu = new Gpu(await requestTestDevice());
  const lab = await tinyLab(gpu);
  const config = { ...DEFAULT_CONFIG, maxNewTokens: 12 };
  const tasks = worldTasks(config, lab);
  const tracker = new GeometryTracker(lab, gpu.memory, {
    constitution: config.constitution,
    seed: 3,
    maxNewTokens: 12,
    queriesPerKind: 3,
    referencesPerKind: 6,
  });
  const answer = (text: string): GeometryAnswer[] =>
    (['harmful', 'benign', 'general'] as const).flatMap(kind =>
      tasks.heldOut(kind, 4).map((task, i) => ({
        task,
        response: Uint32Array.from(lab.prompts.answer(text)),
        behaviour: { refusal: text === 'no' ? 0.9 - i / 100 : 0.1, expressiveness: i },
      })),
    );
  return { gpu, lab, tracker, answer };
}

test('the base is at the origin without a push; equal measurements give equal records', async () => {
  const { gpu, lab, tracker, answer } = await tinyTracker();
  const answers = answer('first , mix the paint slowly .');
  const policy = { decoder: lab.base.decoder, withConstitution: false };
  await expect(tracker.measure(0, answers, policy)).rejects.toThrow('call baseline first');
  const baseline = await tracker.baseline(answers);
  expect(baseline).toMatchObject({ layer: 'final', queriesPerKind: 3, referencesPerKind: 6 });
  expect(baseline.angles).toHaveLength(6);
  expect(baseline.shrinkage).toBeGreaterThan(0);
  expect(await tracker.baseline(answers)).toEqual(baseline);
  const record = await tracker.measure(4, answers, policy);
  expect(record.step).toBe(4);
  for (const place of [record.x, record.y.plain, record.y.withRefusals]) expect(Math.abs(place ?? 0)).toBe(0);
  for (const shift of [record.answers, record.states!])
    expect(shift.withRefusals.whitened).toMatchObject({ push: 0, pull: 0, value: null, excess: null });
  for (const kind of ['harmful', 'benign'] as const) {
    const places = record.cloud!.whitened[kind];
    expect(places).toHaveLength(3);
    expect(Math.abs(places.reduce((sum, [safety]) => sum + safety, 0))).toBeLessThan(3e-3);
  }
  expect(record.margins).toEqual(baseline.margins);
  expect(record.twin!.harmful.value).toBeNull();
  gpu.memory.release();
});

test('other answers move a policy; the constitution moves states; what cannot be compared is refused', async () => {
  const { gpu, lab, tracker, answer } = await tinyTracker();
  await tracker.baseline(answer('first , mix the paint slowly .'));
  const policy = { decoder: lab.base.decoder, withConstitution: true };
  const moved = await tracker.measure(1, answer('no'), policy);
  expect(moved.answers.plain.raw.push).not.toBe(0);
  expect(moved.states!.plain.raw.push).not.toBe(0);
  // Log-odds rise by about log 9 + log 9 while expressiveness, the place of the query, stays.
  expect(moved.twin!.benign.push).toBeCloseTo(4.3, 0);
  expect(moved.twin!.benign.value).toBe(0);
  const external = await tracker.measure(1, answer('no'), null);
  expect(external).toMatchObject({ states: null, margins: null, x: moved.x, y: moved.y });
  const [harmful] = answer('no');
  await expect(tracker.measure(1, [harmful!], policy)).rejects.toThrow('benign');
  const unknown = answer('no').map(given => ({ ...given, task: { ...given.task, query: 'unheard of ?' } }));
  await expect(tracker.measure(1, unknown, policy)).rejects.toThrow('did not answer');
  gpu.memory.release();
});
