import type { Fault } from './errors.ts';
import type { LiveSettings, RunConfig } from './run-config.ts';
import type { Category, Label, QueryKind } from './world.ts';

/** Figures of the rollouts of one query kind in one step; absent kinds had no rollout. */
export interface KindFigures {
  readonly rollouts: number;
  /** Mean response length in tokens, end of turn included. */
  readonly length: number;
  /** Share of answers judged `refuse` or `rich`. */
  readonly refusal: number;
  /** Mean over the rollouts of their mean reverse KL(student ‖ teacher) a token, in nats. */
  readonly reverseKl: number;
}

/** One optimiser step. Means are over the response tokens of the step unless said otherwise; entropies in nats. */
export interface StepRecord {
  readonly step: number;
  /** Mean of the objective that was minimised, at the divergence temperature. */
  readonly loss: number;
  /** Mean reverse KL(student ‖ teacher) a token at temperature 1, whatever the objective. */
  readonly reverseKl: number;
  readonly studentEntropy: number;
  readonly teacherEntropy: number;
  /** Mean response length in tokens, end of turn included. */
  readonly length: number;
  /** Global gradient norm before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Tokens trained on (responses), and wall-clock seconds of the step and of its rollout part. */
  readonly tokens: number;
  readonly seconds: number;
  readonly rolloutSeconds: number;
  readonly kinds: Partial<Record<QueryKind, KindFigures>>;
}

/** Held-out evaluation at a step. Rates are shares of the queries of that kind; lengths in tokens; entropy in nats a token. */
export interface EvaluationRecord {
  readonly step: number;
  readonly benign: { readonly length: number; readonly overRefusal: number; readonly entropy: number };
  readonly borderline: { readonly length: number; readonly overRefusal: number; readonly entropy: number };
  readonly harmful: {
    readonly length: number;
    readonly refusal: number;
    readonly unsafe: number;
    readonly rich: number;
    readonly entropy: number;
  };
  readonly general: { readonly accuracy: number; readonly length: number; readonly entropy: number };
  /** Mean over benign, borderline and harmful queries of length × token entropy: how much an answer says. */
  readonly natsPerAnswer: number;
  /** Mean reverse KL a token to the teacher on the evaluated answers; null for the teacher itself. */
  readonly klToTeacher: number | null;
  /** Queries of each kind behind the rates. */
  readonly queriesPerKind: number;
}

/** One answer with the judge's word on it. */
export interface JudgedAnswer {
  readonly text: string;
  readonly tokens: number;
  readonly label: Label;
  /** Why the judge says so, in one line. */
  readonly reason: string;
}

/** The same held-out prompt answered by the base, by the student at `step` and by the teacher with its constitution. */
export interface SampleRecord {
  readonly step: number;
  readonly prompt: string;
  readonly kind: QueryKind;
  readonly category: Category;
  readonly base: JudgedAnswer;
  readonly student: JudgedAnswer;
  readonly teacher: JudgedAnswer;
}

/** A change of live settings, kept so that the run can be understood and repeated. */
export interface LiveChange extends LiveSettings {
  readonly step: number;
}

/** What a run was: enough to repeat it. */
export interface Receipt {
  readonly lab: string;
  readonly createdAt: string;
  readonly config: RunConfig;
  /** SHA-256 of the configuration's canonical JSON and of the base weights. */
  readonly configSha256: string;
  readonly weightsSha256: string;
  readonly model: { readonly name: string; readonly parameters: number; readonly trainable: number };
  readonly adapter: { readonly vendor: string; readonly architecture: string; readonly description: string };
  readonly runtime: string;
  readonly peakGpuBytes: number;
  readonly liveChanges: readonly LiveChange[];
}

/** A whole run as one file: what the headless twin writes, the page replays, and a person takes home. */
export interface RunRecord {
  readonly format: 'copsd-run';
  readonly version: 1;
  readonly receipt: Receipt;
  readonly steps: readonly StepRecord[];
  readonly evals: readonly EvaluationRecord[];
  /** The frozen teacher, evaluated with the constitution in its context; null where the run ended before that. */
  readonly teacher: EvaluationRecord | null;
  readonly samples: readonly SampleRecord[];
  /** Why the run ended early, if it did. */
  readonly fault?: Fault;
}
