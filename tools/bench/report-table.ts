import type { PageReport } from './report.ts';
import { formatTable } from './table.ts';

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const rate = (perSecond: number): string =>
  `${perSecond.toLocaleString('en', { maximumSignificantDigits: 3 })}/s`;

/** The report as lines of text: what, how much, and what it is compared with. */
export function reportTable({ trainStep, rollout, head }: PageReport): string {
  const rows: string[][] = [['', 'here', 'jax-js', 'ratio']];
  if (trainStep) {
    const { jaxJs, ratioToJaxJs, peakBytesRatioToJaxJs } = trainStep;
    rows.push(
      [
        'training step, tokens',
        rate(trainStep.tokensPerSecond),
        rate(jaxJs.tokensPerSecond),
        ratioToJaxJs.toFixed(2),
      ],
      [
        'training step, peak GPU memory',
        mebibytes(trainStep.peakBytes),
        mebibytes(jaxJs.peakBytes),
        peakBytesRatioToJaxJs.toFixed(2),
      ],
      ['training step, submits', String(trainStep.submits), String(jaxJs.submits)],
      ['training step, dispatches', String(trainStep.dispatches), String(jaxJs.dispatches)],
    );
  }
  if (rollout)
    rows.push(
      [`rollout (${rollout.model}), tokens`, rate(rollout.tokensPerSecond)],
      ['rollout, readbacks a token', `1/${(1 / rollout.readbacksPerToken).toFixed(1)}`],
    );
  if (head)
    rows.push(
      ['head of 49,152, extra GPU memory', mebibytes(head.extraBytes49k)],
      ['head of 151,936, extra GPU memory', mebibytes(head.extraBytes151k)],
      ['head of 49,152, tokens', rate(head.tokensPerSecond49k)],
      ['head of 151,936, tokens', rate(head.tokensPerSecond151k)],
    );
  return formatTable(rows);
}
