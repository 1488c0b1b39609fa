import { expect, test } from 'vitest';
import { loadClassifierGolden } from '../testing/classifier-golden.ts';
import { readClassifierFiles } from './classifier-files.ts';
import { openTextClassifier } from './text-classifier.ts';

test('a classifier in transformers.js has the probabilities of PyTorch, long and empty texts included', async () => {
  const { contents, cases } = await loadClassifierGolden();
  const checked = await readClassifierFiles('golden', contents);
  expect(checked).toMatchObject({
    labels: ['safe', 'unsafe', 'controversial'],
    longest: 32,
    independent: false,
  });
  const classifier = await openTextClassifier('golden', checked);
  const each = await openTextClassifier('golden', { ...checked, independent: true });
  for (const { text, softmax, sigmoid } of cases) {
    const found = await Promise.all([classifier.classify(text), each.classify(text)]);
    for (const [i, wanted] of [softmax, sigmoid].entries())
      for (const [label, probability] of wanted.entries())
        expect(Math.abs(found[i]![label]! - probability), `${text} ${label}`).toBeLessThan(1e-4);
  }
  await classifier.release();
  await each.release();
});

test('a graph that is none is refused, and the next classifier opens', async () => {
  const { contents } = await loadClassifierGolden();
  const broken = new Map([...contents, ['onnx/model.onnx', new Blob(['no graph at all'])]]);
  const files = await readClassifierFiles('broken', broken);
  await expect(openTextClassifier('broken', files)).rejects.toMatchObject({
    fault: { code: 'E_CLASSIFIER_OPEN' },
  });
  const good = await openTextClassifier('good', await readClassifierFiles('good', contents));
  expect((await good.classify('Sure!')).length).toBe(3);
  await good.release();
});
