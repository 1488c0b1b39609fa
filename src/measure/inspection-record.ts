import {
  LEAST_PROBABILITY,
  LEAST_PULL,
  type InspectionRecord,
  type PieceList,
} from '../record/inspection.ts';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import type { LabTokenizer } from '../data/lab-tokenizer.ts';
import type { InspectedTokens, TokenEntries } from '../learn/token-inspection.ts';

/** Four significant digits: files stay small. */
const rounded = (value: number): number => Number(value.toPrecision(4));

/** Texts of tokens, each once. */
class Pieces {
  readonly #ids = new Map<number, number>();

  /** Where the token's text lies in `texts`. */
  at(id: number): number {
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    this.#ids.set(id, this.#ids.size);
    return this.#ids.size - 1;
  }

  texts(tokenizer: Pick<LabTokenizer, 'pieces'>): string[] {
    return tokenizer.pieces([...this.#ids.keys()]);
  }
}

interface Inspected {
  readonly about: Pick<InspectionRecord, 'step' | 'prompt' | 'kind' | 'answer'>;
  readonly response: Uint32Array;
  readonly found: InspectedTokens;
  /** Its index among the responses inspected together. */
  readonly index: number;
}

/** One response of those inspected together, as a record. Insignificant entries are left out (`InspectionRecord`). */
export function inspectionRecord(
  { about, response, found, index }: Inspected,
  tokenizer: Pick<LabTokenizer, 'pieces'>,
): InspectionRecord {
  const { metrics, entries } = found;
  const pieces = new Pieces();
  const places = Array.from(response, (_, i) => metrics.start[index]! + i);
  const column = (name: keyof typeof METRIC): number[] =>
    places.map(token => rounded(metrics.columns[token * METRIC_COLUMNS + METRIC[name]]!));
  const lists = (of: TokenEntries, keep: Keep): PieceList[] =>
    places.map(token =>
      entriesOf(of, token).flatMap(([id, value], place) => {
        const kept = keep(value, place, token);
        return kept === null ? [] : [pieces.at(id), rounded(kept)];
      }),
    );
  const probable: Keep = (logProb, place) => {
    const probability = Math.exp(logProb);
    return place === 0 || probability >= LEAST_PROBABILITY ? probability : null;
  };
  const { raised, lowered } = entries;
  const strongest = (token: number): number =>
    Math.max(-raised.values[token * (raised.k + 1)]!, lowered.values[token * (lowered.k + 1)]!);
  const pulled =
    (sign: 1 | -1): Keep =>
    (value, _place, token) =>
      sign * value >= Math.max(LEAST_PULL.gradient, LEAST_PULL.share * strongest(token)) ? value : null;
  const record = {
    ...about,
    tokens: Array.from(response, id => pieces.at(id)),
    divergence: column('loss'),
    student: column('studentLogProb'),
    teacher: column('teacherLogProb'),
    base: places.map(token => rounded(targetOf(entries.base, token))),
    studentEntropy: column('studentEntropy'),
    teacherEntropy: column('teacherEntropy'),
    topStudent: lists(entries.student, probable),
    topTeacher: lists(entries.teacher, probable),
    topBase: lists(entries.base, probable),
    raised: lists(raised, pulled(-1)),
    lowered: lists(lowered, pulled(1)),
  };
  return { ...record, pieces: pieces.texts(tokenizer) };
}

/** The recorded value of an entry in a token's list; null leaves it out. */
type Keep = (value: number, place: number, token: number) => number | null;

function entriesOf({ k, ids, values }: TokenEntries, token: number): [number, number][] {
  return Array.from({ length: k }, (_, i) => [ids[token * k + i]!, values[token * (k + 1) + i]!]);
}

const targetOf = ({ k, values }: TokenEntries, token: number): number => values[token * (k + 1) + k]!;
