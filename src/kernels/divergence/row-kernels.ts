import type { KernelSpec } from '../../gpu/kernel.ts';
import type { DivergenceKind } from '../../settings/objectives.ts';
import crossEntropyCode from './cross-entropy.wgsl?raw';
import divergenceCode from './divergence.wgsl?raw';
import expm1Code from './expm1.wgsl?raw';
import labelCode from './label.wgsl?raw';
import aloneCode from './lanes-alone.wgsl?raw';
import groupCode from './lanes-group.wgsl?raw';
import alignedCode from './logits-aligned.wgsl?raw';
import raggedCode from './logits-ragged.wgsl?raw';
import mixtureCode from './mixture.wgsl?raw';
import type { LabelObjective } from './objectives.ts';
import pairStatisticsCode from './pair-statistics.wgsl?raw';
import policyGradientCode from './policy-gradient.wgsl?raw';
import policyTermsCode from './policy-terms.wgsl?raw';
import rowsCode from './rows.wgsl?raw';
import studentStatisticsCode from './student-statistics.wgsl?raw';
import topCode from './support-top.wgsl?raw';
import wholeCode from './support-whole.wgsl?raw';

/** The divergences by the names of their files: each has the four definitions that divergence.wgsl names. */
const divergences = import.meta.glob<string>('./kinds/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** What every divergence may call. */
const library = [mixtureCode, expm1Code];

/** What the outcomes of a divergence are; with 'top', whether a row has one lane or a workgroup. */
const supports = { whole: [wholeCode], 'top-alone': [topCode, aloneCode], 'top-group': [topCode, groupCode] };
export type SupportKind = keyof typeof supports;

/** The label objectives: WGSL with `label`, and what it binds besides the tensors of every row kernel. */
const labels = {
  'cross-entropy': { code: [crossEntropyCode], storage: [] },
  'policy-gradient': { code: [policyGradientCode], storage: ['read'] },
  'policy-terms': { code: [expm1Code, policyTermsCode], storage: ['read', 'read', 'read'] },
} as const satisfies Record<string, { code: readonly string[]; storage: readonly 'read'[] }>;
export type LabelKernel = LabelObjective['kind'] | 'policy-terms';

const uniforms = {
  rows: 'u32',
  rowStart: 'u32',
  /** Row of the bound teacher logits that belongs to the first row. */
  teacherStart: 'u32',
  vocab: 'u32',
  gradient: 'u32',
  inverseTemperature: 'f32',
  /** The divergence's own number, β, λ or α, and 1 minus it without the rounding of f32. */
  parameter: 'f32',
  complement: 'f32',
  topK: 'u32',
  /** 0 clips nothing. */
  tokenClip: 'f32',
  /** Bounds of PPO's ratio, and κ of the anchor. */
  ratioLow: 'f32',
  ratioHigh: 'f32',
  anchorWeight: 'f32',
} as const;

export type RowKernelSpec = KernelSpec<typeof uniforms>;

/** Student logits, metrics, target, weight. */
const common = ['read_write', 'read_write', 'read', 'read'] as const;

const specs = new Map<string, RowKernelSpec>();

function spec(
  name: string,
  aligned: boolean,
  parts: readonly string[],
  extra: readonly 'read'[],
): RowKernelSpec {
  const full = `divergence-${name}-${aligned ? 'aligned' : 'ragged'}`;
  const found = specs.get(full) ?? {
    name: full,
    code: [rowsCode, aligned ? alignedCode : raggedCode, studentStatisticsCode, ...parts].join('\n'),
    storage: [...common, ...extra],
    uniforms,
  };
  specs.set(full, found);
  return found;
}

/** The kernel of a divergence for vocabularies that are (`aligned`) or are not a multiple of four. */
export function divergenceKernel(
  kind: DivergenceKind,
  support: SupportKind,
  aligned: boolean,
): RowKernelSpec {
  const own = divergences[`./kinds/${kind}.wgsl`];
  if (own === undefined) throw new TypeError(`the divergence '${kind}' has no kinds/${kind}.wgsl`);
  const parts = [pairStatisticsCode, ...supports[support], ...library, own, divergenceCode];
  return spec(`${kind}-${support}`, aligned, parts, ['read']);
}

/** The kernel of a loss of the target token alone. */
export function labelKernel(kind: LabelKernel, aligned: boolean): RowKernelSpec {
  return spec(kind, aligned, [...labels[kind].code, labelCode], labels[kind].storage);
}
