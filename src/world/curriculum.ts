import type { Category } from '../contract/world.ts';
import { fullAnswer } from './answer-plan.ts';
import { refusal } from './answer.ts';
import { constitutionText, NAMED_CATEGORIES } from './constitution.ts';
import { KIND_SHARES, sampleDocument, type WorldDocument } from './corpus.ts';
import { isHeldOut } from './held-out.ts';
import { covers, type MixtureProfile } from './mixture.ts';
import { corpusQuery } from './query.ts';
import type { RequestQuery } from './query-types.ts';
import { Rng } from './rng.ts';
import {
  cutIntoBatches,
  type PromptEncoder,
  type TrainingBatch,
  type TrainingExample,
} from './training-example.ts';

/**
 * mixture: documents of the corpus. gate: the decision curriculum, deterministic labels (refuse what the constitution covers,
 * answer the rest) and the first answer token only. mixture+cut: documents, of which 40 % of those with a constitution are
 * replaced by harmful or borderline ones cut to three answer tokens, which keeps the gate while the mixture is learnt.
 */
export const CURRICULUM_PHASES = ['mixture', 'gate', 'mixture+cut'] as const;
export type CurriculumPhase = (typeof CURRICULUM_PHASES)[number];

const MIXTURE_WEIGHTS = { promptWeight: 0.03, firstWeight: 3, restWeight: 1 };
const GATE_WEIGHTS = { promptWeight: 0.02, firstWeight: 1, restWeight: 1 };
const CUT_SHARE = 0.4;
const CUT_TOKENS = 3;
/** Share of borderline requests among the decisions; their gating is the weaker one. */
const GATE_BORDERLINE_SHARE = 0.3;

const documentExample = (document: WorldDocument, encoder: PromptEncoder): TrainingExample => ({
  prompt: encoder.prompt(document.query.text, document.constitution),
  answer: encoder.answer(document.answer),
  ...MIXTURE_WEIGHTS,
});

function cutExample(rng: Rng, encoder: PromptEncoder, profile: MixtureProfile): TrainingExample {
  for (;;) {
    const document = sampleDocument(rng, { profile, constitutionShare: 1 });
    if (document.query.kind !== 'harmful' && document.query.kind !== 'borderline') continue;
    const example = documentExample(document, encoder);
    return { ...example, answer: example.answer.slice(0, CUT_TOKENS) };
  }
}

function gateQuery(rng: Rng): RequestQuery {
  for (;;) {
    const query = corpusQuery(rng, rng.chance(GATE_BORDERLINE_SHARE) ? 'borderline' : 'harmful');
    if (query.kind !== 'general' && !isHeldOut(query)) return query;
  }
}

/** Half of the constitutions cover the category: alone, among others or through `default`. */
function gateCategories(rng: Rng, own: Category): Category[] {
  const others = NAMED_CATEGORIES.filter(category => category !== own);
  const u = rng.float();
  if (u < 0.6) return rng.chance(0.5) ? [own] : [rng.pick(others)];
  if (u < 0.7) return ['default'];
  const drawn = Array.from({ length: 1 + rng.int(2) }, () => rng.take(others));
  if (rng.chance(0.5)) drawn[drawn.length - 1] = own;
  return drawn;
}

function gateExample(rng: Rng, encoder: PromptEncoder): TrainingExample {
  const query = gateQuery(rng);
  const categories = gateCategories(rng, query.category);
  const constitution = constitutionText(rng, categories);
  const answer = covers(categories, query.category) ? refusal(rng) : fullAnswer(rng, query);
  const prompt = encoder.prompt(query.text, constitution);
  return { prompt, answer: encoder.answer(answer).slice(0, 1), ...GATE_WEIGHTS };
}

/** The world a curriculum is drawn from. */
export interface CorpusOptions {
  readonly profile?: MixtureProfile;
  /** Shares of benign, borderline, harmful and general documents; the gate and the cut examples keep their own. */
  readonly kindShares?: readonly number[];
}

/** Draws one example of a phase. */
export function curriculumExample(
  rng: Rng,
  phase: CurriculumPhase,
  encoder: PromptEncoder,
  { profile = 'base', kindShares = KIND_SHARES }: CorpusOptions = {},
): TrainingExample {
  if (phase === 'gate') return gateExample(rng, encoder);
  const document = sampleDocument(rng, { profile, kindShares });
  if (phase === 'mixture+cut' && rng.chance(CUT_SHARE) && document.constitution !== null) {
    return cutExample(rng, encoder, profile);
  }
  return documentExample(document, encoder);
}

/** What a stream needs to continue where it stopped; plain JSON. */
export interface CurriculumState {
  readonly phase: CurriculumPhase;
  /** State of the generator before the current pool was drawn. */
  readonly poolSeed: number;
  /** Batches already taken from the current pool. */
  readonly index: number;
}

export interface CurriculumOptions extends CorpusOptions {
  readonly encoder: PromptEncoder;
  /** Upper bound of the tokens in a batch (default 2048). */
  readonly tokensPerBatch?: number;
  /** Examples drawn, sorted by length and cut into batches at a time (default 1500). */
  readonly poolSize?: number;
}

/**
 * An endless, seeded stream of batches of one phase. Two streams with the same options and state give the same batches.
 */
export class CurriculumStream {
  readonly #options: Required<CurriculumOptions>;
  readonly #phase: CurriculumPhase;
  #poolSeed: number;
  #index: number;
  #nextSeed = 0;
  #batches: TrainingBatch[] | null = null;

  constructor(state: CurriculumState, options: CurriculumOptions) {
    this.#options = {
      tokensPerBatch: 2048,
      poolSize: 1500,
      profile: 'base',
      kindShares: KIND_SHARES,
      ...options,
    };
    this.#phase = state.phase;
    this.#poolSeed = state.poolSeed >>> 0;
    this.#index = state.index;
  }

  /** A new stream. */
  static start(phase: CurriculumPhase, seed: number, options: CurriculumOptions): CurriculumStream {
    return new CurriculumStream({ phase, poolSeed: seed, index: 0 }, options);
  }

  get state(): CurriculumState {
    return { phase: this.#phase, poolSeed: this.#poolSeed, index: this.#index };
  }

  next(): TrainingBatch {
    this.#batches ??= this.#drawPool();
    if (this.#index >= this.#batches.length) {
      this.#poolSeed = this.#nextSeed;
      this.#index = 0;
      this.#batches = this.#drawPool();
    }
    const batch = this.#batches[this.#index] as TrainingBatch;
    this.#index++;
    return batch;
  }

  #drawPool(): TrainingBatch[] {
    const { encoder, poolSize, tokensPerBatch } = this.#options;
    const rng = new Rng(this.#poolSeed);
    const pool = Array.from({ length: poolSize }, () =>
      curriculumExample(rng, this.#phase, encoder, this.#options),
    );
    const batches = rng.shuffle(cutIntoBatches(pool, tokensPerBatch));
    this.#nextSeed = rng.state;
    return batches;
  }
}
