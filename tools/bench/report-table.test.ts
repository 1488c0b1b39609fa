import { expect, test } from 'vitest';
import type { RolloutReport, TrainStepReport } from './report.ts';
import { reportTable } from './report-table.ts';

const seconds = { median: 1, min: 1, max: 1 };
const trainStep: TrainStepReport = {
  ...{ tokensPerSecond: 700, ratioToJaxJs: 2.004, peakBytesRatioToJaxJs: 0.25, ratio: seconds },
  ...{ submits: 2, dispatches: 181, peakBytes: 50 * 2 ** 20, seconds, parameters: 10, tokens: 5 },
  lossDifference: 0,
  jaxJs: { tokensPerSecond: 350, submits: 612, dispatches: 611, peakBytes: 200 * 2 ** 20, seconds },
};
const rollout: RolloutReport = {
  ...{ tokensPerSecond: 1234.5, readbacksPerToken: 4 / 72, mappings: 4, positions: 72, rollouts: 16 },
  ...{ model: 'world-s', seconds },
};

test('a training step stands beside the peer, with its ratio', () => {
  const lines = reportTable({ adapter: 'a', trainStep }).split('\n');
  expect(lines[1]).toMatch(/^training step, tokens +700\/s +350\/s +2\.00$/);
  expect(lines[2]).toMatch(/memory +50\.0 MiB +200\.0 MiB +0\.25$/);
  expect(lines).toHaveLength(5);
});

test('what was not measured has no line', () => {
  const lines = reportTable({ adapter: 'a', rollout }).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^rollout \(world-s\), tokens +1,230\/s$/);
  expect(lines[2]).toMatch(/^rollout, readbacks a token +1\/18\.0$/);
});
