import type {
  GeometryBaseline,
  GeometryRecord,
  MarginRecord,
  TwinRecord,
} from '../record/geometry-record.ts';
import type { Constitution } from '../contract/world.ts';
import { routedText } from '../data/constitution/route.ts';
import type { Memory } from '../gpu/memory.ts';
import { angles } from '../metrics/geometry/angles.ts';
import { behaviouralLeakage, type Behaviour } from '../metrics/geometry/behaviour.ts';
import { chartPoint, policyMeans, type PolicyMeans } from '../metrics/geometry/chart-coordinates.ts';
import { answerClouds } from '../metrics/geometry/cloud.ts';
import type { Vector } from '../metrics/geometry/linear-algebra.ts';
import { margins } from '../metrics/geometry/margins.ts';
import type { Uniform } from '../metrics/geometry/resampling.ts';
import {
  AXIS_KINDS,
  geometryAxes,
  mapKinds,
  shiftRecord,
  type AxisKind,
  type ByKind,
  type GeometryAxes,
} from '../metrics/geometry/shift-record.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import type { LoraTensors } from '../model/lora.ts';
import { Rng } from '../world/rng.ts';
import { GeometryProbe, type ProbedLayer, type ProbedResponse } from './geometry-probe.ts';
import {
  byClass,
  inContext,
  shuffleWords,
  writeReferences,
  type ReferenceAnswer,
} from './geometry-references.ts';
import type { OpenModel } from '../assets/open-model.ts';
import { mixSeed } from '../tasks/seeds.ts';
import type { Task } from '../tasks/task.ts';

/** Held-out queries of each kind in a measurement. */
const QUERIES_PER_KIND = 24;
/** Those behind the axes, once a run: whitened angles from fewer are biased toward a right angle. */
const REFERENCES_PER_KIND = 64;

export interface GeometryOptions {
  readonly constitution: Constitution;
  readonly seed: number;
  /** Tokens of the longest answer to measure. */
  readonly maxNewTokens: number;
  readonly queriesPerKind?: number;
  readonly referencesPerKind?: number;
  readonly layer?: ProbedLayer;
  /** The adapter's tensors, if the student has one. */
  readonly lora?: LoraTensors | undefined;
}

/** A policy's answer to a held-out query. Kinds other than harmful and benign are ignored. */
export interface GeometryAnswer {
  readonly task: Pick<Task, 'kind' | 'category' | 'query' | 'prompt' | 'teacherPrompt'>;
  readonly response: Uint32Array;
  /** For the behavioural twin: mean entropy of the answer in nats a token, and P(the first token opens a refusal). */
  readonly behaviour?: Behaviour;
}

/** Whose answers they are: weights of the base's shape, with or without the constitution in the context. */
export interface MeasuredPolicy {
  readonly decoder: Decoder;
  readonly withConstitution: boolean;
}

/** Streams of random numbers. */
const DRAWS = { references: 0, angles: 1, shifts: 2, margins: 3, twin: 4, shuffles: 16 } as const;

/** The base's own answers: the origin of every later measurement. */
interface Origin {
  readonly axes: GeometryAxes;
  readonly means: PolicyMeans;
  readonly state: ReadonlyMap<string, Vector>;
  readonly behaviour: ReadonlyMap<string, Behaviour>;
}

/**
 * The geometry of a run (docs/method.md, "Geometry"). Axes come from answers that the world's grammar wrote to held-out queries, encoded by
 * the frozen base without constitution, and stay fixed: `baseline` measures them, `measure` locates policies on them. Equal arguments give
 * equal records. Buffers are owned by `memory`.
 */
export class GeometryTracker {
  readonly #lab: Pick<OpenModel, 'base' | 'prompts'>;
  readonly #options: GeometryOptions &
    Required<Pick<GeometryOptions, 'queriesPerKind' | 'referencesPerKind' | 'layer'>>;
  readonly #references: readonly ReferenceAnswer[];
  readonly #probe: GeometryProbe;
  readonly #seeded = (): Uniform => this.#uniform(DRAWS.shifts);
  #origin: Origin | undefined;

  constructor(
    lab: Pick<OpenModel, 'gpu' | 'config' | 'base' | 'prompts'>,
    memory: Memory,
    options: GeometryOptions,
  ) {
    this.#lab = lab;
    const sizes = { queriesPerKind: QUERIES_PER_KIND, referencesPerKind: REFERENCES_PER_KIND };
    this.#options = { ...sizes, layer: 'final', ...options };
    const { referencesPerKind, seed, layer, lora, maxNewTokens } = this.#options;
    this.#references = writeReferences(referencesPerKind, mixSeed(seed, DRAWS.references));
    const written = inContext(this.#references, lab.prompts, this.#options.constitution);
    const longest =
      Math.max(...written.map(({ prompt }) => prompt.length)) +
      Math.max(maxNewTokens, ...written.map(({ response }) => response.length));
    this.#probe = new GeometryProbe(lab.gpu, memory, lab.config, { longest, layer, lora });
  }

  /** The reference answers behind the axes. */
  references(): readonly ReferenceAnswer[] {
    return this.#references;
  }

  /** Compiles every kernel that measuring such a decoder dispatches. */
  async prepare(decoder: Decoder): Promise<void> {
    await this.#probe.prepare(decoder);
  }

  /**
   * Measures the axes, and what the constitution does to the base over the base's own answers, which become the origin of every
   * later measurement. @throws RangeError when harmful or benign queries have no answer.
   */
  async baseline(answers: readonly GeometryAnswer[]): Promise<GeometryBaseline> {
    const { referencesPerKind, layer } = this.#options;
    const { decoder } = this.#lab.base;
    const neutral = inContext(this.#references, this.#lab.prompts, null);
    const written = byClass(this.#references, await this.#encode(decoder, neutral));
    const axes = geometryAxes(written);
    const used = this.#select(answers);
    const plain = await this.#encodeByKind(decoder, used, ({ task }) => task.prompt);
    const ruled = await this.#encodeByKind(decoder, used, ({ task }) => task.teacherPrompt);
    const shuffled = await this.#encodeByKind(decoder, used, (answer, i) => this.#shuffledPrompt(answer, i));
    const asked = AXIS_KINDS.flatMap(kind => used[kind]);
    const states = AXIS_KINDS.flatMap(kind => plain[kind]);
    this.#origin = {
      axes,
      means: policyMeans(plain),
      state: new Map(asked.map(({ task }, i) => [task.query, states[i]!])),
      behaviour: new Map(asked.flatMap(({ task, behaviour: at }) => (at ? [[task.query, at]] : []))),
    };
    const queriesPerKind = Math.min(used.harmful.length, used.benign.length);
    return {
      layer,
      queriesPerKind,
      referencesPerKind,
      shrinkage: axes.covariance.shrinkage,
      angles: angles(written, axes.covariance.factor, this.#uniform(DRAWS.angles)),
      constitution: shiftRecord(axes, ruled, plain, this.#seeded),
      shuffled: shiftRecord(axes, shuffled, plain, this.#seeded),
      margins: await this.#margins({ decoder, withConstitution: false }),
    };
  }

  /**
   * A policy's location by its own answers. `policy` is null where its weights do not have the base's shape: then only its answers are
   * used. @throws Error before `baseline`; RangeError when the base did not answer a query.
   */
  async measure(
    step: number,
    answers: readonly GeometryAnswer[],
    policy: MeasuredPolicy | null,
  ): Promise<GeometryRecord> {
    const origin = this.#origin;
    if (!origin) throw new Error('GeometryTracker.measure: call baseline first');
    const { axes } = origin;
    const used = this.#select(answers);
    const before = mapKinds(used, ({ task }) => {
      const state = origin.state.get(task.query);
      if (!state) throw new RangeError(`the base did not answer "${task.query}"`);
      return state;
    });
    const plain = await this.#encodeByKind(this.#lab.base.decoder, used, ({ task }) => task.prompt);
    const context = policy?.withConstitution ? 'teacherPrompt' : 'prompt';
    const own = policy && (await this.#encodeByKind(policy.decoder, used, ({ task }) => task[context]));
    return {
      step,
      ...chartPoint(axes.means, origin.means, policyMeans(plain)),
      answers: shiftRecord(axes, plain, before, this.#seeded),
      cloud: answerClouds(axes, origin.means, plain),
      states: own && shiftRecord(axes, own, plain, this.#seeded),
      margins: policy && (await this.#margins(policy)),
      twin: this.#twin(used, origin.behaviour),
    };
  }

  #select(answers: readonly GeometryAnswer[]): ByKind<GeometryAnswer> {
    const of = (kind: AxisKind): GeometryAnswer[] => {
      const found = answers.filter(({ task }) => task.kind === kind).slice(0, this.#options.queriesPerKind);
      if (found.length === 0) throw new RangeError(`the geometry needs answers to ${kind} queries`);
      return found;
    };
    return { harmful: of('harmful'), benign: of('benign') };
  }

  async #encodeByKind(
    decoder: Decoder,
    answers: ByKind<GeometryAnswer>,
    prompt: (answer: GeometryAnswer, index: number) => Uint32Array,
  ): Promise<ByKind<Vector>> {
    const all = AXIS_KINDS.flatMap(kind => answers[kind]);
    const states = await this.#encode(
      decoder,
      all.map((answer, i) => ({ prompt: prompt(answer, i), response: answer.response })),
    );
    const { length } = answers.harmful;
    return { harmful: states.slice(0, length), benign: states.slice(length) };
  }

  async #encode(decoder: Decoder, responses: readonly ProbedResponse[]): Promise<Vector[]> {
    const { dim } = decoder.config;
    const means = await this.#probe.encode(decoder, responses);
    return responses.map((_, i) => Float64Array.from(means.subarray(i * dim, (i + 1) * dim)));
  }

  async #margins({ decoder, withConstitution }: MeasuredPolicy): Promise<MarginRecord> {
    const { queriesPerKind, constitution } = this.#options;
    const { prompts } = this.#lab;
    const few = this.#references.filter(({ place }) => place < queriesPerKind);
    const logProbs = await this.#probe.logProbs(
      decoder,
      inContext(few, prompts, withConstitution ? constitution : null),
    );
    return margins(byClass(few, [...logProbs]), this.#uniform(DRAWS.margins));
  }

  #shuffledPrompt({ task }: GeometryAnswer, index: number): Uint32Array {
    const rules = routedText(this.#options.constitution, task.category);
    const rng = new Rng(mixSeed(this.#options.seed, DRAWS.shuffles + index));
    return Uint32Array.from(this.#lab.prompts.prompt(task.query, rules && shuffleWords(rules, rng)));
  }

  #twin(answers: ByKind<GeometryAnswer>, origin: ReadonlyMap<string, Behaviour>): TwinRecord | null {
    const of = (kind: AxisKind): TwinRecord[AxisKind] | null => {
      const now = answers[kind].flatMap(({ behaviour }) => behaviour ?? []);
      const before = answers[kind].flatMap(({ task }) => origin.get(task.query) ?? []);
      const { length } = answers[kind];
      if (now.length < length || before.length < length) return null;
      return behaviouralLeakage(before, now, this.#uniform(DRAWS.twin));
    };
    const [harmful, benign] = [of('harmful'), of('benign')];
    return harmful && benign && { harmful, benign };
  }

  #uniform(stream: number): Uniform {
    const rng = new Rng(mixSeed(this.#options.seed, stream));
    return () => rng.float();
  }
}
