import { expect, test } from 'vitest';
import type { RolloutPeerReport, RolloutReport, TrainStepReport } from './report.ts';
import { reportTable } from './report-table.ts';

const seconds = { median: 1, min: 1, max: 1 };
const trainStep: TrainStepReport = {
  tokensPerSecond: 700,
  ratioToJaxJs: 2.004,
  peakBytesRatioToJaxJs: 0.25,
  ratio: { median: 2.004, min: 1.5, max: 3 },
  submits: 2,
  dispatches: 181,
  peakBytes: 50 * 2 ** 20,
  seconds,
  parameters: 10,
  tokens: 5,
  lossDifference: 0,
  jaxJs: { tokensPerSecond: 350, submits: 612, dispatches: 611, peakBytes: 200 * 2 ** 20, seconds },
};
const rollout: RolloutReport = {
  tokensPerSecond: 1234.5,
  readbacksPerToken: 4 / 72,
  mappings: 4,
  positions: 72,
  rollouts: 16,
  model: 'world-s',
  seconds,
  submits: 5,
  dispatches: 2000,
};
const transformersJs: RolloutPeerReport = {
  tokensPerSecond: 38.4,
  submits: 1200,
  dispatches: 12_345,
  mappings: 72,
  seconds,
  equalGreedy: 1,
  ratio: { median: 32.104, min: 30, max: 40.5 },
};

test('a training step stands beside the peer, with its ratio', () => {
  const lines = reportTable({ adapter: 'a', trainStep }).split('\n');
  expect(lines[1]).toMatch(/^training step, tokens \(peer: jax-js\) +700\/s +350\/s +2\.00 \(1\.50–3\.00\)$/);
  expect(lines[2]).toMatch(/memory +50\.0 MiB +200\.0 MiB +0\.25$/);
  expect(lines).toHaveLength(5);
});

test('what was not measured has no line', () => {
  const lines = reportTable({ adapter: 'a', rollout }).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^rollout \(world-s\), tokens +1,230\/s$/);
  expect(lines[2]).toMatch(/^rollout, readbacks a token +1\/18\.0$/);
});

test('rollouts stand beside each peer that took part', () => {
  const lines = reportTable({ adapter: 'a', rollout: { ...rollout, transformersJs } }).split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[3]).toMatch(
    /^rollout, tokens \(peer: transformers\.js, WebGPU\) +1,230\/s +38\.4\/s +32\.10 \(30\.00–40\.50\)$/,
  );
  expect(lines[4]).toMatch(/^rollout, dispatches \(peer: transformers\.js, WebGPU\) +2,000 +12,345$/);
});
