import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunRecord } from '../../src/record/run-record.ts';

const BUNDLED = resolve(import.meta.dirname, '../../public/runs/default.json');

/** The run that ships with the page, repeated until it has `steps` steps, with evaluations at the same interval. */
export function longRecord(steps: number): RunRecord {
  const record = JSON.parse(readFileSync(BUNDLED, 'utf8')) as RunRecord;
  const { receipt, evals, samples } = record;
  const every = receipt.config.evaluation.every;
  const later = evals.filter(({ step }) => step > 0);
  const stops = Array.from({ length: Math.floor(steps / every) }, (_, i) => (i + 1) * every);
  const source = (i: number): number => later[i % later.length]!.step;
  return {
    ...record,
    receipt: { ...receipt, config: { ...receipt.config, steps } },
    steps: Array.from({ length: steps }, (_, i) => ({
      ...record.steps[i % record.steps.length]!,
      step: i + 1,
    })),
    evals: [
      ...evals.filter(({ step }) => step === 0),
      ...stops.map((step, i) => ({ ...later[i % later.length]!, step })),
    ],
    samples: [
      ...samples.filter(({ step }) => step === 0),
      ...stops.flatMap((step, i) =>
        samples.filter(sample => sample.step === source(i)).map(sample => ({ ...sample, step })),
      ),
    ],
  };
}
