import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { MODELS } from '../../settings/default-config.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import type { EvaluationRecord, Receipt, RunRecord } from '../../record/run-record.ts';
import { estimate } from '../compare/estimates.ts';
import { figuresIn, queriesInWords, type EvaluationFigure } from '../../record/evaluation-record.ts';
import { countOf } from '../../contract/format.ts';
import { linkNeeds } from '../share/link-needs.ts';

/** A figure with its 95 % interval, where it has one. */
interface ReceiptFigure {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | null;
}

interface ReceiptMeasure {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly base: ReceiptFigure | null;
  readonly student: ReceiptFigure | null;
  readonly teacher: ReceiptFigure | null;
}

/** What a run was, its results, and how to repeat it: for people and for programs. */
export interface ReceiptDocument {
  readonly format: 'copsd-receipt';
  readonly version: 1;
  /** When the receipt was written and when the run began, ISO 8601. */
  readonly writtenAt: string;
  readonly startedAt: string;
  readonly lab: string;
  /** Of the build that trained; null where it was not known. */
  readonly revision: string | null;
  readonly runtime: string;
  readonly gpu: Receipt['adapter'];
  readonly peakGpuBytes: number;
  readonly model: Receipt['model'];
  /** SHA-256; those of settings and constitution are of canonical JSON (sorted keys). */
  readonly sha256: {
    readonly config: string;
    readonly constitution: string;
    readonly weights: string;
    readonly prompts: string | null;
  };
  readonly seed: number;
  readonly steps: { readonly planned: number; readonly done: number };
  readonly config: RunConfig;
  readonly liveChanges: Receipt['liveChanges'];
  readonly fault: string | null;
  readonly measuredAtStep: number | null;
  readonly queriesPerKind: number | null;
  /** How many held-out queries of which kind, in words. */
  readonly queries: string | null;
  readonly measures: readonly ReceiptMeasure[];
  readonly repeat: {
    /** Beside this file under the name `receipt.json`. */
    readonly command: string;
    /** Opens the page with these settings; null where no link can hold them. */
    readonly link: string | null;
    /** What neither command nor link repeats. */
    readonly exceptions: readonly string[];
  };
}

const REPEAT_COMMAND = 'npm run lab -- --config receipt.json --json again.json';

function figureOf(measure: EvaluationFigure, record: EvaluationRecord | null): ReceiptFigure | null {
  const found = record && estimate(measure, [record]);
  return found && { mean: found.mean, interval: found.interval };
}

function exceptionsOf({ receipt, calibration }: RunRecord, done: number): readonly string[] {
  const { config, liveChanges } = receipt;
  const needs = linkNeeds(config);
  const dropped = calibration?.dropped.length ?? 0;
  return [
    ...(liveChanges.length > 0
      ? [`${countOf(liveChanges.length, 'change')} made during the run, listed here`]
      : []),
    ...(dropped > 0 ? [`${countOf(dropped, 'row')} that a person dropped from the crossed set`] : []),
    ...(done < config.steps ? [`the end after ${countOf(done, 'step')} of ${config.steps}`] : []),
    ...needs.map(need => `${need}, which has to be brought along`),
    ...(MODELS.some(({ name }) => name === config.model)
      ? []
      : ['the command, which wants the model’s folder under public/models']),
  ];
}

/** SHA-256 of a value's canonical JSON, as configurations are hashed. */
const hashOf = (value: unknown): string => bytesToHex(sha256(new TextEncoder().encode(canonicalJson(value))));

/**
 * The receipt of a run: every figure in it is computed from the record.
 * @param link opens the page with the run's settings; null where there is none
 */
export function receiptDocument(record: RunRecord, link: string | null, now: Date): ReceiptDocument {
  const { receipt, evals, teacher, steps, fault } = record;
  const base = evals.find(({ step }) => step === 0) ?? null;
  const student = evals.findLast(({ step }) => step > 0) ?? null;
  const measured = student ?? base;
  const done = steps.at(-1)?.step ?? 0;
  return {
    format: 'copsd-receipt',
    version: 1,
    writtenAt: now.toISOString(),
    startedAt: receipt.createdAt,
    lab: receipt.lab,
    revision: receipt.revision ?? null,
    runtime: receipt.runtime,
    gpu: receipt.adapter,
    peakGpuBytes: receipt.peakGpuBytes,
    model: receipt.model,
    sha256: {
      config: receipt.configSha256,
      constitution: hashOf(receipt.config.constitution),
      weights: receipt.weightsSha256,
      prompts: receipt.prompts?.sha256 ?? null,
    },
    seed: receipt.config.seed,
    steps: { planned: receipt.config.steps, done },
    config: receipt.config,
    liveChanges: receipt.liveChanges,
    fault: fault?.message ?? null,
    measuredAtStep: student?.step ?? null,
    queriesPerKind: measured?.queriesPerKind ?? null,
    queries: measured && queriesInWords(measured),
    measures: figuresIn('receipt').map(measure => ({
      id: measure.id,
      label: measure.label,
      unit: measure.unit,
      base: figureOf(measure, base),
      student: figureOf(measure, student),
      teacher: figureOf(measure, teacher),
    })),
    repeat: { command: REPEAT_COMMAND, link, exceptions: exceptionsOf(record, done) },
  };
}
