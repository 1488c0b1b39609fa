import type { ExportKind } from '../../protocol/model-api.ts';
import type { Lab } from '../../state/lab.ts';
import { evaluationsTable, fileName, stepsTable } from '../../state/files/export.ts';
import { flagsTable } from '../../state/samples/sample-review.ts';
import { sayingFailure } from '../shared/saying-failure.ts';
import { saveFile, saveTable } from '../shared/save-file.ts';

export type SavedKind = 'json' | 'bundle' | 'receipt' | 'steps' | 'evaluations' | 'flags' | ExportKind;

const WEIGHTS: ReadonlySet<string> = new Set<ExportKind>(['adapter', 'merged', 'onnx', 'trl']);
const isWeights = (kind: SavedKind): kind is ExportKind => WEIGHTS.has(kind);

/** Saves the run `id`: as one file to keep and replay, or as a table. Works whether or not its worker still lives. Says what failed. */
export async function exportRun(lab: Lab, id: string, kind: SavedKind): Promise<void> {
  if (await sayingFailure(lab.runs, () => save(lab, id, kind))) lab.page.note('exported');
}

/** Whether there was something to save. */
async function save(lab: Lab, id: string, kind: SavedKind): Promise<boolean> {
  const { runs, controls, review, keptRuns } = lab;
  if (!(await keptRuns.read(id))) return false;
  if (kind === 'bundle' || kind === 'receipt') {
    const { saveBundle, saveReceipt } = await import('../export/save-bundle.ts');
    return await (kind === 'bundle' ? saveBundle : saveReceipt)(lab, id);
  }
  if (isWeights(kind)) {
    const outcome = await controls.client().exportRun(kind);
    if (outcome.ok) saveFile(outcome.value.name, 'application/zip', outcome.value.blob);
    else runs.store.setState({ notice: outcome.fault });
    return outcome.ok;
  }
  const label = runs.entry(id)?.label ?? 'run';
  const data = runs.data(id);
  if (kind === 'json') {
    const record = await controls.record(id);
    if (record)
      saveFile(fileName(label, 'record', 'json'), 'application/json', JSON.stringify(record, null, 1));
    return record !== null;
  }
  if (kind === 'steps') saveTable(label, 'steps', stepsTable(data.series));
  else if (kind === 'evaluations') saveTable(label, 'evaluations', evaluationsTable(data));
  else {
    const flags = review.store.getState().flags.filter(({ runId }) => runId === id);
    saveTable(label, 'flagged-answers', flagsTable(flags));
  }
  return true;
}
