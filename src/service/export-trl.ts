import { mergedSafetensors } from '../model/export/merged-weights.ts';
import type { FolderZip } from '../model/export/folder-zip.ts';
import { TRL_TEACHER, trlProject, type TrlModel, type TrlRow } from '../model/export/trl-project.ts';
import type { ExportedModel, RunStudent } from './export-run.ts';
import { copyTexts, trainedWeights } from './exported-weights.ts';
import { runTasks } from '../run/run-tasks.ts';

/** A model that is not on a hub is included in the project up to this size. */
const MOST_MODEL_BYTES = 256 * 2 ** 20;
const MODEL_FOLDER = 'model';
/** Most queries written; longer runs repeat from the first step's. */
const MOST_ROWS = 20_000;

/**
 * Adds the run as a project for TRL: its queries in the order of its steps, its settings, and the models that are not on a hub.
 * @throws LabError `E_EXPORT_TRL` for a run that TRL's trainer cannot take; as `runTasks`.
 */
export async function addTrlProject(
  zip: FolderZip,
  exported: ExportedModel,
  { config: run, calibrated }: RunStudent,
): Promise<void> {
  const { config, folder, source } = exported;
  const model = modelOf(exported);
  const { tasks } = await runTasks(exported, run);
  const steps = Math.min(run.steps, Math.floor(MOST_ROWS / run.queries));
  const rows = Array.from({ length: steps }, (_, step) => tasks.training(step + 1, run.queries))
    .flat()
    .map(({ messages, constitution, kind, prompt, teacherPrompt }): TrlRow => ({
      messages,
      constitution,
      kind,
      prompt,
      teacherPrompt,
    }));
  const texts = trlProject({ config: run, decoder: config, model, rows });
  for (const [path, text] of texts) zip.add(path, new TextEncoder().encode(text));

  const whole = async (path: string, trained: ReturnType<typeof trainedWeights> | null): Promise<void> => {
    await copyTexts(zip, source, `${path}/`);
    const file = zip.begin(`${path}/model.safetensors`);
    for await (const piece of mergedSafetensors(config, folder.checkpoint, trained)) file.push(piece);
    file.end();
  };
  if (model && 'folder' in model) await whole(MODEL_FOLDER, null);
  if (calibrated) await whole(TRL_TEACHER, trainedWeights(config, run.lora, calibrated.values));
}

function modelOf({ name, folder }: ExportedModel): TrlModel {
  const [, hub, revision] = /^([^@]+\/[^@]+)@([0-9a-f]{40})$/.exec(name) ?? [];
  if (hub && revision) return { hub, revision };
  return folder.checkpoint.bytes <= MOST_MODEL_BYTES ? { folder: MODEL_FOLDER } : null;
}
