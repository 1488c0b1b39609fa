import { LabError } from '../../contract/errors.ts';
import type { Awaitable } from '../../contract/outcome.ts';
import { EXPORT_KINDS, WEIGHT_FORMATS, type ExportKind } from '../../protocol/export-formats.ts';
import { evaluationsTable, fileName, stepsTable, toCsv } from '../../record/tables.ts';
import type { Lab } from '../../state/lab.ts';
import type { RunEntry } from '../../state/run/run-store.ts';
import { flagsTable } from '../../state/samples/sample-review.ts';
import { saveFile } from '../shared/save-file.ts';
import { sayingFailure } from '../shared/saying-failure.ts';

const TYPES = {
  json: 'application/json',
  csv: 'text/csv',
  md: 'text/markdown',
  zip: 'application/zip',
} as const;

/** What decides which formats a run has. */
interface ExportedRun {
  readonly run: RunEntry;
  /** Whether the worker holds its weights. */
  readonly held: boolean;
  /** Whether answers of it were flagged. */
  readonly flagged: boolean;
}

/** A form in which a run leaves the page. */
interface ExportFormat {
  readonly label: string;
  readonly why: string;
  /** Whether a run has it; all have where it is absent. */
  readonly applies?: (of: ExportedRun) => boolean;
  readonly extension: keyof typeof TYPES;
  /** What the file is called after its run; the worker names its own. */
  readonly part?: string;
  /** The file; null where there is nothing to save. @throws LabError */
  readonly write: (lab: Lab, id: string) => Awaitable<string | Blob | File | null>;
}

/** Formats that the page writes, from the figures that reached it: they need no worker. */
const FIGURE_FORMATS = {
  bundle: {
    label: 'Run bundle (zip)',
    why: 'everything there is of the run, to open again',
    part: 'bundle',
    extension: 'zip',
    write: async (lab, id) => (await import('./bundle.ts')).bundleOf(lab, id),
  },
  receipt: {
    label: 'Receipt',
    why: 'what it was, what came of it, how to repeat it',
    part: 'receipt',
    extension: 'md',
    write: async (lab, id) => (await import('./bundle.ts')).receiptOf(lab, id),
  },
  json: {
    label: 'Run (JSON)',
    why: 'settings, receipt, all figures and samples',
    part: 'record',
    extension: 'json',
    async write({ controls }, id) {
      const record = await controls.record(id);
      return record && JSON.stringify(record, null, 1);
    },
  },
  steps: {
    label: 'Steps (CSV)',
    why: 'every figure of every step',
    part: 'steps',
    extension: 'csv',
    write: ({ runs }, id) => toCsv(stepsTable(runs.data(id).series)),
  },
  evaluations: {
    label: 'Evaluations (CSV)',
    why: 'held-out figures, and the teacher’s',
    part: 'evaluations',
    extension: 'csv',
    write: ({ runs }, id) => toCsv(evaluationsTable(runs.data(id))),
  },
  flags: {
    label: 'Flagged answers (CSV)',
    why: 'what you flagged among the samples',
    applies: ({ flagged }) => flagged,
    part: 'flagged-answers',
    extension: 'csv',
    write: ({ review }, id) =>
      toCsv(flagsTable(review.store.getState().flags.filter(({ runId }) => runId === id))),
  },
} satisfies Record<string, ExportFormat>;

/** A format that the worker writes, from the weights that it holds. */
const weightFormat = (kind: ExportKind): ExportFormat => {
  const { label, why, applies = () => true } = WEIGHT_FORMATS[kind];
  return {
    label,
    why,
    applies: ({ run, held }) => held && applies(run.config),
    extension: 'zip',
    async write({ controls }, id) {
      const made = await controls.client().exportRun(id, kind);
      if (!made.ok) throw new LabError(made.fault);
      return new File([made.value.blob], made.value.name);
    },
  };
};

type SavedKind = keyof typeof FIGURE_FORMATS | ExportKind;

const FORMATS = {
  ...FIGURE_FORMATS,
  ...Object.fromEntries(EXPORT_KINDS.map(kind => [kind, weightFormat(kind)])),
} as Readonly<Record<SavedKind, ExportFormat>>;

/** What a run can be saved as, in the order of the menu. */
export const formatsOf = (of: ExportedRun) =>
  (Object.keys(FORMATS) as SavedKind[])
    .filter(kind => FORMATS[kind].applies?.(of) ?? true)
    .map(kind => ({ kind, label: FORMATS[kind].label, why: FORMATS[kind].why }));

/** Saves the run `id`. What only needs its figures works whether or not its worker still lives. Says what failed. */
export async function exportRun(lab: Lab, id: string, kind: SavedKind): Promise<void> {
  if (await sayingFailure(lab.runs, () => save(lab, id, kind))) lab.page.note('exported');
}

/** Whether there was something to save. */
async function save(lab: Lab, id: string, kind: SavedKind): Promise<boolean> {
  if (!(await lab.keptRuns.read(id))) return false;
  const { part = kind, extension, write } = FORMATS[kind];
  const content = await write(lab, id);
  if (content === null) return false;
  const name =
    content instanceof File ? content.name : fileName(lab.runs.entry(id)?.label ?? 'run', part, extension);
  saveFile(name, TYPES[extension], content);
  return true;
}
