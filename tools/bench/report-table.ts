import type { PageReport, RolloutPeerReport } from './report.ts';
import type { Summary } from './statistics.ts';
import { formatTable } from './table.ts';

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const count = (value: number): string => value.toLocaleString('en');
const rate = (perSecond: number): string =>
  `${perSecond.toLocaleString('en', { maximumSignificantDigits: 3 })}/s`;

const ratio = ({ median, min, max }: Summary): string =>
  `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;

/** The report as lines of text: what, how much, and what it is compared with. */
export function reportTable({ trainStep, rollout, head }: PageReport): string {
  const rows: string[][] = [['', 'here', 'peer', 'ratio']];
  if (trainStep) {
    const { jaxJs, peakBytesRatioToJaxJs } = trainStep;
    rows.push(
      [
        'training step, tokens (peer: jax-js)',
        rate(trainStep.tokensPerSecond),
        rate(jaxJs.tokensPerSecond),
        ratio(trainStep.ratio),
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
  if (rollout) {
    const beside = (name: string, peer: RolloutPeerReport | undefined): string[][] =>
      peer
        ? [
            [
              `rollout, tokens (peer: ${name})`,
              rate(rollout.tokensPerSecond),
              rate(peer.tokensPerSecond),
              ratio(peer.ratio),
            ],
            [`rollout, dispatches (peer: ${name})`, count(rollout.dispatches), count(peer.dispatches)],
          ]
        : [];
    rows.push(
      [`rollout (${rollout.model}), tokens`, rate(rollout.tokensPerSecond)],
      ['rollout, readbacks a token', `1/${(1 / rollout.readbacksPerToken).toFixed(1)}`],
      ...beside('transformers.js, WebGPU', rollout.transformersJs),
      ...beside('transformers.js, WebAssembly', rollout.transformersJsWasm),
    );
  }
  if (head)
    rows.push(
      ['head of 49,152, extra GPU memory', mebibytes(head.extraBytes49k)],
      ['head of 151,936, extra GPU memory', mebibytes(head.extraBytes151k)],
      ['head of 49,152, tokens', rate(head.tokensPerSecond49k)],
      ['head of 151,936, tokens', rate(head.tokensPerSecond151k)],
    );
  return formatTable(rows);
}
