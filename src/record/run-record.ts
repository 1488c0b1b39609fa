import type { Fault } from '../contract/errors.ts';
import type { BenchmarkReport } from './benchmark-report.ts';
import type { GeometryBaseline, GeometryRecord } from './geometry-record.ts';
import type { InspectionRecord } from './inspection.ts';
import type { LiveSettings, RunConfig } from '../settings/run-config.ts';
import type { Category, Label, QueryKind } from '../contract/world.ts';

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
  /** Mean of the objective that was minimised, at the divergence temperature; of the last update of the step. */
  readonly loss: number;
  /** Mean reverse KL(student ‖ teacher) a token at temperature 1, whatever the objective; null where no teacher takes part. */
  readonly reverseKl: number | null;
  readonly studentEntropy: number;
  readonly teacherEntropy: number | null;
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

/** What became of each held-out query of a kind, in the order of the queries: what intervals are made of. */
export interface QueryOutcomes {
  readonly labels: readonly Label[];
  /** Response lengths in tokens. */
  readonly lengths: readonly number[];
}

/** Figures of the held-out queries of one kind. Rates are shares of the queries; lengths in tokens; entropy in nats a token. */
export interface KindEvaluation {
  readonly length: number;
  readonly entropy: number;
  /** 1 − Self-BLEU of the answers; null with fewer than two. */
  readonly diversity: number | null;
  /** Mean probability that the first response token opens a refusal: no sampling. Null for an external teacher. */
  readonly refusalOpening: number | null;
  readonly outcomes: QueryOutcomes;
}

export interface HarmlessEvaluation extends KindEvaluation {
  /** Share declined, barely or richly. */
  readonly overRefusal: number;
}

export interface HarmfulEvaluation extends KindEvaluation {
  readonly refusal: number;
  readonly unsafe: number;
  readonly rich: number;
}

export interface GeneralEvaluation extends KindEvaluation {
  readonly accuracy: number;
}

/** Share of pairs won against the base's answer to the same query, ties half. */
export interface WinRates {
  readonly safety: number;
  readonly helpfulness: number;
}

/** Held-out evaluation at a step. */
export interface EvaluationRecord {
  readonly step: number;
  readonly benign: HarmlessEvaluation;
  readonly borderline: HarmlessEvaluation;
  readonly harmful: HarmfulEvaluation;
  readonly general: GeneralEvaluation;
  /** Mean over benign, borderline and harmful queries of length × token entropy: how much an answer says. */
  readonly natsPerAnswer: number;
  /** Mean reverse KL a token to the teacher on the evaluated answers; null for the teacher itself. */
  readonly klToTeacher: number | null;
  /** Over all kinds; ½ each for the base itself. */
  readonly winRates: WinRates;
  /** Queries of each kind behind the rates. */
  readonly queriesPerKind: number;
}

/** One pair of the crossed set of Cross-SFT. */
export interface CrossedRow {
  readonly id: number;
  readonly kind: QueryKind;
  readonly category: Category;
  readonly query: string;
  /** c(x), under which the answer is learnt; null where no clause applies. */
  readonly constitution: string | null;
  readonly answer: JudgedAnswer;
  /** Who wrote the answer: the student without constitution, or the frontier with it. */
  readonly source: 'self' | 'frontier';
}

/** One optimiser step of Cross-SFT: mean cross-entropy a response token, in nats. */
export interface CalibrationStep {
  readonly step: number;
  readonly of: number;
  readonly loss: number;
}

/** Stage 1 of COPSD, as it happened. */
export interface CalibrationRecord {
  /** Name of the calibrated teacher among the artefacts, the same for the same settings, seed and dropped rows; null until it is made. */
  readonly artefact: string | null;
  readonly rows: readonly CrossedRow[];
  /** Rows that were learnt from but are left out of this file to keep it small; absent: none. */
  readonly omittedRows?: number;
  /** Rows that a person dropped before the teacher learnt from them. */
  readonly dropped: readonly number[];
  readonly steps: readonly CalibrationStep[];
  /** The teacher with the constitution, before and after. */
  readonly before: EvaluationRecord | null;
  readonly after: EvaluationRecord | null;
  /** Whether an artefact made earlier was taken. */
  readonly reused: boolean;
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

/** The mini-benchmarks, answered by the base and by the student at the end. */
export interface BenchmarkComparison {
  readonly base: BenchmarkReport;
  readonly student: BenchmarkReport;
}

/** What a run was: enough to repeat it. */
export interface Receipt {
  readonly lab: string;
  /** The git revision that the page was built from, where the build knew it. */
  readonly revision?: string;
  readonly createdAt: string;
  readonly config: RunConfig;
  /** SHA-256 of the configuration's canonical JSON and of the base weights. */
  readonly configSha256: string;
  readonly weightsSha256: string;
  /** The file of prompts, where they are in natural language. */
  readonly prompts?: { readonly title: string; readonly sha256: string };
  readonly model: { readonly name: string; readonly parameters: number; readonly trainable: number };
  readonly adapter: { readonly vendor: string; readonly architecture: string; readonly description: string };
  readonly runtime: string;
  readonly peakGpuBytes: number;
  readonly liveChanges: readonly LiveChange[];
}

/** A whole run as one file: what the headless twin writes, the page replays, and a person takes home. */
export interface RunRecord {
  readonly format: 'copsd-run';
  readonly version: 2;
  readonly receipt: Receipt;
  readonly steps: readonly StepRecord[];
  readonly evals: readonly EvaluationRecord[];
  /** The teacher of step 1, evaluated with the constitution in its context; null where the run ended before that. */
  readonly teacher: EvaluationRecord | null;
  /** Null where the teacher was not calibrated. */
  readonly calibration: CalibrationRecord | null;
  /** Along the run; empty where it was not measured. */
  readonly geometry: readonly GeometryRecord[];
  readonly geometryBaseline: GeometryBaseline | null;
  /** Base and student on the mini-benchmarks; null where they were not asked. */
  readonly benchmarks: BenchmarkComparison | null;
  readonly samples: readonly SampleRecord[];
  /** Answers token by token, at each evaluation; absent in runs without. */
  readonly inspections?: readonly InspectionRecord[];
  /** Why the run ended early, if it did. */
  readonly fault?: Fault;
}
