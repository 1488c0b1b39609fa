import { writeFile } from 'node:fs/promises';
import type { RunConfig } from '../../src/settings/run-config.ts';
import {
  BORDERLINE,
  GENERAL,
  LENGTH,
  OVER_REFUSAL,
  RICH,
  UNSAFE,
  type EvaluationFigure,
} from '../../src/record/evaluation-record.ts';
import type { EvaluationRecord, RunRecord } from '../../src/record/run-record.ts';
import { exportRun } from '../../src/service/export-run.ts';
import { failureLine } from '../node/failure.ts';
import type { OpenModel } from '../../src/assets/open-model.ts';
import { RunData } from '../../src/record/run-data.ts';
import type { Checkpoint } from '../../src/run/checkpoint.ts';
import { session, type SessionEvent } from '../../src/run/session.ts';
import { evaluationTable, shownFigure } from './evaluation-table.ts';
import { readOptions, USAGE, type LabOptions } from './lab-options.ts';
import { openModelHere } from '../node/open-model.ts';
import { bar, duration } from '../node/progress.ts';

export async function main(args: readonly string[]): Promise<void> {
  try {
    const options = await readOptions(args);
    if (!options) console.log(USAGE);
    else await run(options);
  } catch (error) {
    console.error(failureLine(error));
    process.exitCode = 1;
  }
}

async function run({ config, json, saveTeacher, exported }: LabOptions): Promise<void> {
  const lab = await openModelHere(config.model);
  const { vendor, architecture, description } = lab.gpu.device.adapterInfo;
  console.log(
    `${config.recipe} · ${config.objective.kind} · ${config.teacher.kind} teacher · ${config.steps} steps · seed ${config.seed} · ${description || `${vendor} ${architecture}`}`,
  );
  const began = performance.now();
  let last: Checkpoint | undefined;
  const record = await runOnce(lab, config, checkpoint => {
    last = checkpoint;
  });
  console.log(
    `\n${config.steps} steps in ${duration((performance.now() - began) / 1000)}, held out, temperature 1:\n`,
  );
  console.log(
    evaluationTable([
      ['base', record.evals[0]],
      ['teacher before', record.calibration?.before],
      ['teacher', record.teacher],
      ['student', record.evals.at(-1)],
    ]),
  );
  if (json) {
    await writeFile(json, `${JSON.stringify(record)}\n`);
    console.log(`\nwrote ${json}`);
  }
  const artefact = record.calibration?.artefact;
  if (saveTeacher && artefact) {
    await writeFile(saveTeacher, lab.artefacts.file(artefact));
    console.log(`\nwrote ${artefact} to ${saveTeacher}`);
  }
  if (exported && last) {
    const { step, learner, calibrated } = last;
    const { name, blob } = await exportRun(exported, lab, {
      config,
      step,
      values: learner.trainable,
      calibrated,
    });
    await writeFile(name, new Uint8Array(await blob.arrayBuffer()));
    console.log(`\nwrote ${name}`);
  }
  await lab.externals.release();
  lab.gpu.destroy();
}

/** One session from beginning to end, told on the terminal. */
export async function runOnce(
  lab: OpenModel,
  config: RunConfig,
  keep: (checkpoint: Checkpoint) => void = () => undefined,
): Promise<RunRecord> {
  const live = { changes: [], dropped: new Set<number>() };
  const data = new RunData();
  const began = performance.now();
  for await (const event of session(lab, config, live)) {
    data.apply(event);
    if (event.type === 'checkpoint') keep(event.checkpoint);
    tell(event, config.steps, (performance.now() - began) / 1000);
  }
  progress('');
  const record = data.toRecord();
  if (!record) throw new Error('the session ended without a receipt');
  return record;
}

function tell(event: SessionEvent, steps: number, seconds: number): void {
  switch (event.type) {
    case 'activity':
      progress(event.text);
      break;
    case 'teacher':
      printEvaluation('teacher', event.record);
      break;
    case 'evaluation':
      printEvaluation(event.record.step === 0 ? 'base' : `step ${event.record.step}`, event.record);
      break;
    case 'calibration-step': {
      const { step, of, loss } = event.record;
      progress(`Cross-SFT ${bar(step / of)} ${step}/${of}  loss ${loss.toFixed(3)}`);
      break;
    }
    case 'step': {
      const { step, loss, length, tokens, seconds: took } = event.record;
      progress(
        `${bar(step / steps)} ${step}/${steps}  loss ${text(loss, 3)}  length ${text(length, 1)}  ` +
          `${text(tokens && took && tokens / took, 0)} tokens/s  ${duration((seconds / step) * (steps - step))} left`,
      );
      break;
    }
    default:
  }
}

const text = (value: number | null, digits: number): string => value?.toFixed(digits) ?? '–';

/** Rewrites the current line on a terminal; in a log only what is worth a line of its own is printed. */
function progress(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${line}`);
}

function printEvaluation(name: string, record: EvaluationRecord): void {
  const shown = (figure: EvaluationFigure): string => shownFigure(figure, record);
  progress('');
  console.log(
    `${name.padEnd(8)} benign length ${shown(LENGTH)} over-refusal ${shown(OVER_REFUSAL)} · ` +
      `borderline ${shown(BORDERLINE)} · unsafe ${shown(UNSAFE)} rich ${shown(RICH)} · ` +
      `general ${shown(GENERAL)}`,
  );
}
