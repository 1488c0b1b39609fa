import { present } from './golden.ts';

/** Logits and labels as tools/goldens/jsd.py gives them to TRL. */
export interface TrlBatch {
  /** Sequences, tokens of each, vocabulary. */
  readonly shape: readonly [sequences: number, tokens: number, vocab: number];
  /** [sequences][tokens], −100 where a token does not count; null for a call without labels, where all do. */
  readonly labels: readonly (readonly number[])[] | null;
  /** [sequences, tokens, vocab], as f32 holds them. */
  readonly student: readonly number[];
  readonly teacher: readonly number[];
}

/** Arguments of one call of `generalized_jsd_loss`, and what it gave in f64. */
interface TrlCall {
  /** Index of the batch. */
  readonly batch: number;
  readonly beta: number;
  readonly temperature: number;
  readonly reduction: 'batchmean' | 'sum' | 'mean';
  /** Overrides the reduction, if given. */
  readonly num_items_in_batch: number | null;
  readonly loss: number;
  /** Sum over the vocabulary with reduction 'none', of every token that counts. */
  readonly rows: readonly number[];
}

/** cases.json. */
interface TrlCases {
  /** Version of TRL. */
  readonly trl: string;
  readonly batches: readonly TrlBatch[];
  readonly cases: readonly TrlCall[];
}

export interface TrlCase extends Omit<TrlCall, 'batch'> {
  /** Arguments in words, for messages. */
  readonly name: string;
  readonly batch: TrlBatch;
  /** Of `loss` in the student's logits, [sequences, tokens, vocab]. */
  readonly gradient: Float64Array;
}

const cases = import.meta.glob<TrlCases>('./golden/trl-jsd/cases.json', { import: 'default' });
const binaries = import.meta.glob<string>('./golden/trl-jsd/*.bin', {
  query: '?url&inline',
  import: 'default',
});

/** All recorded calls of TRL's `generalized_jsd_loss`. */
export async function loadTrlGolden(): Promise<TrlCase[]> {
  const golden = await present(cases, './golden/trl-jsd/cases.json');
  const response = await fetch(await present(binaries, './golden/trl-jsd/gradients.bin'));
  const gradients = new Float64Array(await response.arrayBuffer());
  let at = 0;
  return golden.cases.map(call => {
    const batch = golden.batches[call.batch]!;
    const { beta, temperature, reduction, num_items_in_batch: items } = call;
    const name = `batch ${call.batch}, β ${beta}, τ ${temperature}, ${items ? `${items} items` : reduction}`;
    const gradient = gradients.slice(at, (at += batch.student.length));
    return { ...call, name, batch, gradient };
  });
}

/** Whether each token counts, [sequences · tokens]. */
export function trlMask({ shape: [sequences, tokens], labels }: TrlBatch): boolean[] {
  return labels
    ? labels.flat().map(label => label !== -100)
    : Array.from({ length: sequences * tokens }, () => true);
}

/**
 * The weights of our tokens, [sequences · tokens], under which Σ weight · loss is TRL's reduction. With n tokens that count:
 *   num_items_in_batch = N   1 / N
 *   sum                      1
 *   mean                     1 / (n · vocab): TRL's mean goes over vocabulary entries
 *   batchmean                1 / n with labels, and 1 / sequences without
 */
export function trlWeights({ batch, reduction, num_items_in_batch: items }: TrlCase): number[] {
  const mask = trlMask(batch);
  const [sequences, , vocab] = batch.shape;
  const n = mask.filter(Boolean).length;
  const divisor = items ?? { sum: 1, mean: n * vocab, batchmean: batch.labels ? n : sequences }[reduction];
  return mask.map(counts => (counts ? 1 / divisor : 0));
}
