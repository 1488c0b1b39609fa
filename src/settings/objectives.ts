import { z } from 'zod';
import { described, fraction, schemasOf } from './field.ts';

interface About {
  readonly label: string;
  readonly formula: string;
  readonly why: string;
}

/** A value of its parameter at which a divergence is computed as a plain KL: its formula is that KL there, or divides by zero. */
interface End {
  readonly at: number;
  readonly becomes: 'forward-kl' | 'reverse-kl';
  /** Values closer to the end than this count as the end: the two agree to f32. */
  readonly within?: number;
}

/** The parameter of a family of divergences. */
interface Parameter {
  /** Its field of the schema. */
  readonly key: string;
  readonly symbol: string;
  readonly ends: readonly End[];
}

/** A divergence without a parameter. */
const plain = <const Kind extends string>(kind: Kind, about: About) => ({
  kind,
  group: 'divergence' as const,
  schema: z.strictObject({ kind: z.literal(kind) }),
  ...about,
  usual: { kind },
  parameter: null,
});

const KL_NAMES = { 'forward-kl': 'forward KL', 'reverse-kl': 'reverse KL' } as const;

/** A divergence with a parameter. */
function family<const Kind extends string, const Key extends string>(
  kind: Kind,
  about: About,
  {
    key,
    symbol,
    ends,
    range,
    usual,
    pull,
    ...words
  }: Omit<Parameter, 'key'> & {
    readonly key: Key;
    readonly why: string;
    /** Its values. */
    readonly range: z.ZodNumber;
    /** The ends of its slider, where they are not those of the range. */
    readonly slider?: readonly [low: number, high: number];
    /** What a fresh choice begins with. */
    readonly usual: number;
    /** In words, how strong the gradient is near the teacher, between the ends. */
    readonly pull: (value: number) => string;
  },
) {
  const field = described(range, { label: symbol, increment: 0.05, flag: 'beta', ...words });
  return {
    kind,
    group: 'divergence' as const,
    schema: z.strictObject({ kind: z.literal(kind), ...({ [key]: field } as Record<Key, z.ZodNumber>) }),
    ...about,
    usual: { kind, [key]: usual } as { readonly kind: Kind } & Readonly<Record<Key, number>>,
    parameter: { key, symbol, ends } satisfies Parameter,
    /** What a value does: to the formula at an end, else to the pull near the teacher. */
    effect(value: number): string {
      const end = ends.find(({ at }) => at === value);
      return end
        ? `At ${value} the loss is ${KL_NAMES[end.becomes]}.`
        : `Pull near the teacher: ${pull(value)}.`;
    },
  };
}

const shareOfKl = (factor: number): string => `${Number(factor.toPrecision(2))} of a KL’s`;

/** λ of the skewed KLs (DistiLLM, arXiv 2402.03898). */
const skewed = (becomes: End['becomes'], why: string) => ({
  key: 'lambda' as const,
  symbol: 'λ',
  why,
  range: z.number().min(0).lt(1),
  slider: [0, 0.95] as const,
  usual: 0.1,
  // Below the smallest normal f32, which adapters may flush to 0.
  ends: [{ at: 0, becomes, within: 2 ** -126 }],
  pull: (lambda: number) => `(1 − λ)² = ${shareOfKl((1 - lambda) ** 2)}`,
});

/** Closer to an end than this the α-divergence is that end's KL to f32. */
const ALPHA_END = 2 ** -40;

/**
 * Divergences of the student's whole next-token distribution from the teacher's. A new one is an entry here, its loss and slope in
 * `src/kernels/divergence/kinds/KIND.wgsl`, and its f64 loss and gradient in `src/reference/divergence-kinds.ts`.
 */
export const DIVERGENCES = [
  plain('reverse-kl', {
    label: 'Reverse KL',
    formula: 'KL(student ‖ teacher)',
    why: 'Seeks the teacher’s strongest mode: the sharpest push toward refusing.',
  }),
  plain('forward-kl', {
    label: 'Forward KL',
    formula: 'KL(teacher ‖ student)',
    why: 'Covers all that the teacher might say, its rare answers included.',
  }),
  // β and the divergence's temperature are `beta` and `temperature` of TRL's `generalized_jsd_loss`.
  family(
    'jsd',
    {
      label: 'Jensen–Shannon',
      formula: 'β KL(teacher ‖ m) + (1 − β) KL(student ‖ m), m = (1 − β) student + β teacher',
      why: 'Between the two and bounded: β near 0 acts as forward, near 1 as reverse KL.',
    },
    {
      key: 'beta',
      symbol: 'β',
      why: 'Weight of the teacher in the mixture, as in TRL. The inner formula vanishes at both ends, so the loss switches there: 0 is forward KL, 1 reverse KL, at full strength.',
      range: fraction,
      usual: 0.5,
      ends: [
        { at: 0, becomes: 'forward-kl' },
        { at: 1, becomes: 'reverse-kl' },
      ],
      pull: beta => `β (1 − β) = ${shareOfKl(beta * (1 - beta))}`,
    },
  ),
  family(
    'skew-forward',
    {
      label: 'Skewed forward KL',
      formula: 'KL(teacher ‖ λ teacher + (1 − λ) student)',
      why: 'Forward KL with bounded gradients: steadier while student and teacher are far apart.',
    },
    skewed(
      'forward-kl',
      'Share of the teacher in the mixture: keeps the ratio, and so the gradient, bounded where the student never goes. 0 is forward KL; toward 1 the pull fades.',
    ),
  ),
  family(
    'skew-reverse',
    {
      label: 'Skewed reverse KL',
      formula: 'KL(student ‖ λ student + (1 − λ) teacher)',
      why: 'Reverse KL that does not explode on tokens which the teacher would never say.',
    },
    skewed(
      'reverse-kl',
      'Share of the student in the mixture: keeps the loss bounded on tokens that the teacher never says. 0 is reverse KL; toward 1 the pull fades.',
    ),
  ),
  // Amari 1985.
  family(
    'alpha',
    {
      label: 'α-divergence',
      formula: '(1 − Σ teacher^α student^(1 − α)) / (α (1 − α))',
      why: 'A path from reverse to forward KL without a mixture, at the same strength near the teacher.',
    },
    {
      key: 'alpha',
      symbol: 'α',
      why: 'Goes from reverse KL at 0 to forward KL at 1, where the formula switches to them. Near the teacher every α pulls alike; far from it α decides what is forgiven.',
      range: fraction,
      usual: 0.5,
      ends: [
        { at: 0, becomes: 'reverse-kl', within: ALPHA_END },
        { at: 1, becomes: 'forward-kl', within: ALPHA_END },
      ],
      pull: () => 'as strong as a KL’s',
    },
  ),
] as const;

/** Everything that may be minimised. */
export const OBJECTIVES = [
  ...DIVERGENCES,
  {
    kind: 'sampled-advantage',
    group: 'policy-gradient',
    schema: z.strictObject({ kind: z.literal('sampled-advantage') }),
    label: 'Sampled advantage',
    formula: 'log teacher − log student, normalised over the query’s tokens',
    why: 'Each drawn token is weighed by how much more the teacher likes it. Noisier; wants several rollouts a query.',
    usual: { kind: 'sampled-advantage' },
    parameter: null,
  },
  {
    kind: 'group-reward',
    group: 'policy-gradient',
    schema: z.strictObject({ kind: z.literal('group-reward') }),
    label: 'Group reward (GRPO)',
    formula: '(reward − mean) / deviation over the query’s answers',
    why: 'The judge rewards whole answers, relative to the others to the same query; no teacher.',
    usual: { kind: 'group-reward' },
    parameter: null,
  },
  {
    kind: 'supervised',
    group: 'supervised',
    schema: z.strictObject({
      kind: z.literal('supervised'),
      answers: described(z.enum(['refuse', 'rich']), {
        label: 'Answers to imitate',
        why: 'Refusals are drawn from the model under the constitution; rich answers are written by the frontier.',
        options: { refuse: 'the model’s own refusals', rich: 'the frontier’s rich answers' },
      }),
    }),
    label: 'Fine-tuning on given answers',
    formula: '−log student(answer)',
    why: 'Imitates answers written by someone else: no rollouts, no teacher.',
    usual: { kind: 'supervised', answers: 'rich' },
    parameter: null,
  },
] as const;

/** Titles of the groups, in the order of `OBJECTIVES`. */
export const OBJECTIVE_GROUPS = {
  divergence: 'Divergence over all next tokens',
  'policy-gradient': 'Policy gradient on the tokens drawn',
  supervised: 'Supervised',
} as const;

export const objectiveSchema = z.discriminatedUnion('kind', schemasOf(OBJECTIVES));
/** What a step minimises (docs/method.md). */
export type Objective = z.infer<typeof objectiveSchema>;
export type DivergenceKind = (typeof DIVERGENCES)[number]['kind'];
export type Divergence = Extract<Objective, { kind: DivergenceKind }>;

const DESCRIPTORS = new Map(OBJECTIVES.map(descriptor => [descriptor.kind, descriptor]));

export const objectiveOf = (kind: Objective['kind']): (typeof OBJECTIVES)[number] => DESCRIPTORS.get(kind)!;

export const isDivergence = <O extends { readonly kind: string }>(
  objective: O,
): objective is Extract<O, { readonly kind: DivergenceKind }> =>
  DIVERGENCES.some(({ kind }) => kind === objective.kind);

export const isPolicyGradient = ({ kind }: Objective): boolean =>
  objectiveOf(kind).group === 'policy-gradient';

/** Whether a teacher scores the student's tokens. */
export const hasTeacher = (objective: Objective): boolean =>
  isDivergence(objective) || objective.kind === 'sampled-advantage';

/** β, λ or α of an objective; undefined where it has none. */
export function parameterOf(objective: Objective): number | undefined {
  const { parameter } = objectiveOf(objective.kind);
  const fields: Readonly<Record<string, unknown>> = objective;
  return parameter ? Number(fields[parameter.key]) : undefined;
}

/** In a few words, its number included. */
export function objectiveLabel(objective: Objective): string {
  if (objective.kind === 'supervised')
    return objective.answers === 'refuse' ? 'Fine-tuning on refusals' : 'Fine-tuning on rich answers';
  const { label, parameter } = objectiveOf(objective.kind);
  return parameter ? `${label}, ${parameter.symbol} ${parameterOf(objective)}` : label;
}
