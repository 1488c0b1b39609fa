import type { InspectionRecord, PieceList } from '../../record/inspection.ts';
import { QUERY_KINDS, type QueryKind } from '../../contract/world.ts';

/** A token with a number: a probability, or an entry of the gradient. */
export interface NamedNumber {
  readonly piece: string;
  readonly value: number;
}

/** One token of an inspected answer. Logarithms, entropies and divergences in nats. */
export interface InspectedToken {
  /** From 0. */
  readonly index: number;
  readonly piece: string;
  readonly divergence: number;
  /** The divergence with the sign of log π_S(y) − log π_T(y): above 0 the student says the token more readily than the teacher. */
  readonly signed: number;
  /** Sum of the divergence from the first token to this one. */
  readonly runningSum: number;
  /** log π(y) of each. */
  readonly student: number;
  readonly teacher: number;
  readonly base: number;
  readonly studentEntropy: number;
  readonly teacherEntropy: number;
  readonly topStudent: readonly NamedNumber[];
  readonly topTeacher: readonly NamedNumber[];
  readonly topBase: readonly NamedNumber[];
  /** Entries of ∂loss/∂z_S, the strongest first: a step raises the logits of the first list, and lowers those of the second. */
  readonly raised: readonly NamedNumber[];
  readonly lowered: readonly NamedNumber[];
}

/** Whose answer: the student's at each step, or the one from before step 1, held fixed. */
export type Whose = InspectionRecord['answer'];

/** What the user asked to see; null follows what is available. */
export interface InspectionChoice {
  readonly kind: QueryKind;
  readonly whose: Whose;
  /** Which prompt of the kind, from 0. */
  readonly prompt: number;
  /** null: the latest. */
  readonly step: number | null;
}

/** What there is for a choice. */
export interface InspectionView {
  /** Kinds that have an answer. */
  readonly kinds: readonly QueryKind[];
  /** The chosen one, or the first that there is. */
  readonly kind: QueryKind;
  readonly prompts: number;
  /** The answer at each evaluation, in order of their steps; never empty. */
  readonly series: readonly InspectionRecord[];
  /** Where the chosen step lies in `series`. */
  readonly at: number;
}

/** The answers that a choice leads to; null where no answer was inspected. */
export function chooseInspection(
  records: readonly InspectionRecord[],
  choice: InspectionChoice,
): InspectionView | null {
  const kinds = QUERY_KINDS.filter(kind => records.some(record => record.kind === kind));
  const kind = kinds.includes(choice.kind) ? choice.kind : kinds[0];
  if (kind === undefined) return null;
  const ofKind = records.filter(record => record.kind === kind);
  const prompts = [...new Set(ofKind.map(({ prompt }) => prompt))];
  const prompt = prompts[Math.min(choice.prompt, prompts.length - 1)];
  const series = ofKind
    .filter(record => record.prompt === prompt && isOf(record, choice.whose))
    .toSorted((a, b) => a.step - b.step);
  const { step } = choice;
  const last = step === null ? series.length - 1 : series.findLastIndex(record => record.step <= step);
  return { kinds, kind, prompts: prompts.length, series, at: Math.max(0, last) };
}

/** At step 0 the student's answer is the initial one. */
const isOf = ({ answer, step }: InspectionRecord, whose: Whose): boolean => answer === whose || step === 0;

/** The tokens of an answer. */
export function inspectedTokens(record: InspectionRecord): readonly InspectedToken[] {
  const { pieces } = record;
  const named = (list: PieceList): NamedNumber[] =>
    Array.from({ length: list.length / 2 }, (_, i) => ({
      piece: pieces[list[2 * i]!] ?? '',
      value: list[2 * i + 1]!,
    }));
  let runningSum = 0;
  return record.tokens.map((piece, index) => {
    const [divergence, student, teacher] = [
      record.divergence[index]!,
      record.student[index]!,
      record.teacher[index]!,
    ];
    if (Number.isFinite(divergence)) runningSum += divergence;
    return {
      index,
      piece: pieces[piece] ?? '',
      divergence,
      runningSum,
      student,
      teacher,
      signed: student < teacher ? -divergence : divergence,
      base: record.base[index]!,
      studentEntropy: record.studentEntropy[index]!,
      teacherEntropy: record.teacherEntropy[index]!,
      topStudent: named(record.topStudent[index]!),
      topTeacher: named(record.topTeacher[index]!),
      topBase: named(record.topBase[index]!),
      raised: named(record.raised[index]!),
      lowered: named(record.lowered[index]!),
    };
  });
}

/** The token of highest divergence, the first of equal ones; −1 without tokens. */
export function highestToken(tokens: readonly Pick<InspectedToken, 'divergence'>[]): number {
  return tokens.reduce(
    (best, { divergence }, i) => (divergence > (tokens[best]?.divergence ?? -1) ? i : best),
    -1,
  );
}

/** The largest divergence of a token over the steps: what full colour stands for, so that colours compare while scrubbing. */
export function colourScale(series: readonly InspectionRecord[]): number {
  return series.reduce(
    (most, { divergence }) => Math.max(most, ...divergence.filter(value => Number.isFinite(value))),
    0,
  );
}

/** Strength of a colour from 0 to 1: the root of the share, because most divergences are far below the largest. */
export function colourStrength(divergence: number, scale: number): number {
  return scale > 0 ? Math.sqrt(Math.min(1, Math.max(0, divergence) / scale)) : 0;
}

/** A token's text for people: without its leading space, and with invisible characters spelt out. */
export function pieceText(piece: string): string {
  const text = piece.trim();
  if (text !== '') return text;
  if (piece.includes('\n')) return '↵';
  return piece === '' ? '∅' : '␣';
}
