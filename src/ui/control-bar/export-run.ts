import type { ExportKind } from '../../contract/model-api.ts';
import type { Lab } from '../../state/lab.ts';
import { evaluationsTable, fileName, stepsTable } from '../../state/export.ts';
import { flagsTable } from '../../state/sample-review.ts';
import { saveFile, saveTable } from '../shared/save-file.ts';

export type SavedKind = 'json' | 'bundle' | 'receipt' | 'steps' | 'evaluations' | 'flags' | ExportKind;

const WEIGHTS: ReadonlySet<string> = new Set<ExportKind>(['adapter', 'merged', 'onnx', 'trl']);
const isWeights = (kind: SavedKind): kind is ExportKind => WEIGHTS.has(kind);

/** Saves the run `id`: as one file to keep and replay, or as a table. Works whether or not its worker still lives. Says what failed. */
export async function exportRun(lab: Lab, id: string, kind: SavedKind): Promise<void> {
  lab.page.note('exported');
  try {
    await save(lab, id, kind);
  } catch (error) {
    lab.runs.store.setState({
      notice: {
        code: 'E_EXPORT_FAILED',
        message: `the file could not be made: ${error instanceof Error ? error.message : String(error)}`,
        consequence: 'Nothing was saved; the run and its figures are as they were.',
        nextStep: 'Try again, or save the run as JSON.',
      },
    });
  }
}

async function save(lab: Lab, id: string, kind: SavedKind): Promise<void> {
  const { runs, controls, review, keptRuns } = lab;
  await keptRuns.read(id);
  if (kind === 'bundle' || kind === 'receipt') {
    const { saveBundle, saveReceipt } = await import('../take-home/save-bundle.ts');
    return kind === 'bundle' ? saveBundle(lab, id) : saveReceipt(lab, id);
  }
  if (isWeights(kind)) {
    const outcome = await controls.client().exportRun(kind);
    if (outcome.ok) saveFile(outcome.value.name, 'application/zip', outcome.value.blob);
    else runs.store.setState({ notice: outcome.fault });
    return;
  }
  const label = runs.entry(id)?.label ?? 'run';
  const data = runs.data(id);
  if (kind === 'steps') return saveTable(label, 'steps', stepsTable(data.series));
  if (kind === 'evaluations') return saveTable(label, 'evaluations', evaluationsTable(data));
  if (kind === 'flags') {
    const flags = review.store.getState().flags.filter(({ runId }) => runId === id);
    return saveTable(label, 'flagged-answers', flagsTable(flags));
  }
  const record = await controls.record(id);
  if (record)
    saveFile(fileName(label, 'record', 'json'), 'application/json', JSON.stringify(record, null, 1));
}
