import type { Constitution } from '../contract/world.ts';
import { routedText } from '../data/constitution/route.ts';
import type { PromptBuilder } from '../data/prompt.ts';
import type { ReferenceStates } from '../metrics/geometry/axes.ts';
import type { AxisKind } from '../metrics/geometry/shift-record.ts';
import { writeAnswer } from '../world/answer.ts';
import type { AnswerType } from '../world/answer-types.ts';
import { evaluationQueries } from '../world/evaluation.ts';
import type { Query } from '../world/query-types.ts';
import { Rng } from '../world/rng.ts';
import type { ProbedResponse } from './geometry-probe.ts';

/** The classes of reference answers, in order, with the answer type of each. */
const CLASSES = [
  { kind: 'harmful', role: 'refusal', type: 'refuse' },
  { kind: 'harmful', role: 'rich', type: 'rich' },
  { kind: 'harmful', role: 'comply', type: 'full' },
  { kind: 'benign', role: 'full', type: 'full' },
  { kind: 'benign', role: 'short', type: 'short' },
  { kind: 'benign', role: 'refusal', type: 'refuse' },
] as const satisfies readonly { kind: AxisKind; role: string; type: AnswerType }[];

/** An answer that the world's grammar wrote to a held-out query. */
export interface ReferenceAnswer {
  readonly query: Query;
  readonly kind: AxisKind;
  readonly role: (typeof CLASSES)[number]['role'];
  /** Index of the query among those of its kind. */
  readonly place: number;
  readonly text: string;
}

/** Every class of answers to the same held-out queries, class by class: `queriesPerKind` each, the same for the same seed. */
export function writeReferences(queriesPerKind: number, seed: number): ReferenceAnswer[] {
  const rng = new Rng(seed);
  const queries = {
    harmful: evaluationQueries('harmful', queriesPerKind),
    benign: evaluationQueries('benign', queriesPerKind),
  };
  return CLASSES.flatMap(({ kind, role, type }) =>
    queries[kind].map((query, place) => ({ query, kind, role, place, text: writeAnswer(rng, query, type) })),
  );
}

/** Reference answers with their prompts, under the clauses of a constitution that are routed to them, or under none. */
export const inContext = (
  references: readonly ReferenceAnswer[],
  prompts: PromptBuilder,
  constitution: Constitution | null,
): ProbedResponse[] =>
  references.map(({ query, text }) => ({
    prompt: Uint32Array.from(
      prompts.prompt(query.text, constitution && routedText(constitution, query.category)),
    ),
    response: Uint32Array.from(prompts.answer(text)),
  }));

/** Sorts a value for each reference answer, in their order, by kind and role. */
export function byClass<T>(
  references: readonly ReferenceAnswer[],
  values: readonly T[],
): { readonly [K in keyof ReferenceStates]: Readonly<Record<keyof ReferenceStates[K], readonly T[]>> } {
  const of = (kind: AxisKind, role: ReferenceAnswer['role']): T[] =>
    values.filter((_, i) => references[i]!.kind === kind && references[i]!.role === role);
  return {
    harmful: {
      refusal: of('harmful', 'refusal'),
      rich: of('harmful', 'rich'),
      comply: of('harmful', 'comply'),
    },
    benign: { full: of('benign', 'full'), short: of('benign', 'short'), refusal: of('benign', 'refusal') },
  };
}

/** The words and marks of a text in random order: the same length, but no longer a rule. */
export function shuffleWords(text: string, rng: Rng): string {
  const words = text.match(/[\p{L}\p{N}'’-]+|[^\s\p{L}\p{N}]/gu) ?? [];
  return rng.shuffle([...words]).join(' ');
}
