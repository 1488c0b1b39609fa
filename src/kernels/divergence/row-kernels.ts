import type { KernelSpec } from '../../gpu/kernel.ts';
import crossEntropyCode from './cross-entropy.wgsl?raw';
import divergenceCode from './divergence.wgsl?raw';
import forwardKlCode from './forward-kl.wgsl?raw';
import jsdCode from './jsd.wgsl?raw';
import labelCode from './label.wgsl?raw';
import alignedCode from './logits-aligned.wgsl?raw';
import raggedCode from './logits-ragged.wgsl?raw';
import type { DivergenceObjective, LabelObjective } from './objectives.ts';
import pairStatisticsCode from './pair-statistics.wgsl?raw';
import policyGradientCode from './policy-gradient.wgsl?raw';
import reverseKlCode from './reverse-kl.wgsl?raw';
import rowsCode from './rows.wgsl?raw';
import studentStatisticsCode from './student-statistics.wgsl?raw';

/** The divergences. A new one is a WGSL file with the four definitions that divergence.wgsl names, and a line here. */
const divergences: Readonly<Record<DivergenceObjective['kind'], string>> = {
  'reverse-kl': reverseKlCode,
  'forward-kl': forwardKlCode,
  jsd: jsdCode,
};

/** The label objectives: WGSL with `label`, and what it binds besides the tensors of every row kernel. */
const labels: Record<LabelObjective['kind'], { code: string; storage: readonly 'read'[] }> = {
  'cross-entropy': { code: crossEntropyCode, storage: [] },
  'policy-gradient': { code: policyGradientCode, storage: ['read'] },
};

const uniforms = {
  rows: 'u32',
  rowStart: 'u32',
  vocab: 'u32',
  gradient: 'u32',
  inverseTemperature: 'f32',
  beta: 'f32',
} as const;

export type RowKernelSpec = KernelSpec<typeof uniforms>;

/** Student logits, metrics, target, weight. */
const common = ['read_write', 'read_write', 'read', 'read'] as const;

function spec(kind: string, aligned: boolean, parts: string[], extra: readonly 'read'[]): RowKernelSpec {
  return {
    name: `divergence-${kind}-${aligned ? 'aligned' : 'ragged'}`,
    code: [rowsCode, aligned ? alignedCode : raggedCode, studentStatisticsCode, ...parts].join('\n'),
    storage: [...common, ...extra],
    uniforms,
  };
}

const specs = new Map<string, RowKernelSpec>();

/** The kernel of an objective for vocabularies that are (`aligned`) or are not a multiple of four. */
export function rowKernelSpec(
  kind: DivergenceObjective['kind'] | LabelObjective['kind'],
  aligned: boolean,
): RowKernelSpec {
  const key = `${kind} ${aligned}`;
  let found = specs.get(key);
  if (!found) {
    found =
      kind === 'cross-entropy' || kind === 'policy-gradient'
        ? spec(kind, aligned, [labels[kind].code, labelCode], labels[kind].storage)
        : spec(kind, aligned, [pairStatisticsCode, divergences[kind], divergenceCode], ['read']);
    specs.set(key, found);
  }
  return found;
}
