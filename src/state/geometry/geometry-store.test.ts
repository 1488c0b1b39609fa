import { expect, it } from 'vitest';
import { fixtureRecord } from '../../record/record-fixture.ts';
import { showResult } from './results.ts';
import { PLANE_PRESETS } from './plane-settings.ts';
import { geometryStore, setPlane, setReading } from './geometry-store.ts';
import { createRunStore } from '../run/run-store.ts';

const entry = { file: 'copsd-1.json', label: 'COPSD, seed 1', recipe: 'copsd', seed: 1, group: 'COPSD' };
const serve = (files: Record<string, unknown>): typeof fetch =>
  ((url: string) => {
    const file = files[url.split('/').at(-1) ?? ''];
    return Promise.resolve(new Response(JSON.stringify(file), { status: file ? 200 : 404 }));
  }) as typeof fetch;

it('shows a recorded result beside the runs of the page', async () => {
  const runs = createRunStore();
  const files = { 'index.json': { runs: [entry] }, 'copsd-1.json': fixtureRecord({ recipe: 'copsd' }) };
  expect(await showResult(runs, 'copsd', 'runs/', serve(files))).toBeNull();
  const { shownId } = runs.store.getState();
  expect(runs.entry(shownId)).toMatchObject({ label: 'COPSD, seed 1', origin: 'recorded', step: 40 });
  expect(runs.data(shownId!).geometry).toHaveLength(5);
});

it('says what is missing, and leaves what was shown', async () => {
  const runs = createRunStore();
  expect(await showResult(runs, 'grpo', 'runs/', serve({ 'index.json': { runs: [entry] } }))).toMatchObject({
    code: 'E_RESULTS_MISSING',
  });
  expect(await showResult(runs, 'copsd', 'runs/', serve({}))).toMatchObject({ code: 'E_RESULTS_MISSING' });
  expect(runs.store.getState().shownId).toBeNull();
});

it('leaves the run that was turned to while a result was fetched', async () => {
  const runs = createRunStore();
  const files = { 'index.json': { runs: [entry] }, 'copsd-1.json': fixtureRecord({ recipe: 'copsd' }) };
  const late = showResult(runs, 'copsd', 'runs/', serve(files));
  runs.store.setState({ shownId: 'another' });
  expect(await late).toBeNull();
  expect(runs.store.getState().shownId).toBe('another');
});

it('gives up a frozen covariance where there are two modes', () => {
  setPlane(PLANE_PRESETS['Frozen covariance']);
  setPlane({ modes: 2 });
  setReading({ scale: 'raw' });
  expect(geometryStore.getState()).toMatchObject({
    plane: { modes: 2, divergence: 'reverse-kl' },
    reading: { axis: 'withRefusals', scale: 'raw' },
  });
});
