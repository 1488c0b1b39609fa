import { useCallback, useEffect } from 'react';
import type { PathedFile } from '../../protocol/model-api.ts';
import { formatBytes } from '../../contract/format.ts';
import { pathed } from '../../state/models/model-store.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { FileChooser } from '../shared/file-chooser.tsx';
import { useConfig, useLab, useModels } from '../shared/lab-context.ts';
import { useDropFiles } from '../shared/use-drop-files.ts';
import { HubLookup } from './hub-lookup.tsx';
import { ModelRow } from './model-row.tsx';
import './models.css';

/** Where a student comes from: the page, the hub, or this computer. */
export function ModelsDialog({ onClose }: { onClose(): void }) {
  const { models, runs } = useLab();
  const library = useModels(state => state.library);
  const busy = useModels(state => state.busy);
  const fault = useModels(state => state.fault);
  const chosen = useConfig(state => state.draft.model);
  useEffect(() => {
    models.dismiss();
    void models.refresh();
    return runs.store.subscribe(({ download }, before) => {
      if (download !== before.download && download?.status !== 'running') void models.refresh();
    });
  }, [models, runs]);
  const takeDropped = useCallback(
    (files: readonly PathedFile[]) => {
      if (models.store.getState().busy === null) void models.add(files);
    },
    [models],
  );
  const over = useDropFiles(takeDropped);
  return (
    <Dialog title="Choose a student" wide onClose={onClose}>
      <div className={over ? 'models models-over' : 'models'}>
        <section aria-labelledby="models-here">
          <h3 id="models-here">Here</h3>
          <ul className="models-list">
            {library?.models.map(model => (
              <ModelRow key={model.name} model={model} chosen={model.name === chosen} />
            ))}
          </ul>
          {library?.usage && (
            <p className="field-note">
              Downloaded models take {formatBytes(library.usage.bytes)} of the{' '}
              {formatBytes(library.usage.quotaBytes)} that this browser lets the site keep.
            </p>
          )}
          {library?.usage === null && (
            <p className="field-note">
              This browser keeps no files for the page: models of the hub cannot be downloaded.
            </p>
          )}
        </section>
        <HubLookup />
        <section aria-labelledby="models-disk">
          <h3 id="models-disk">From this computer</h3>
          <p className="field-note">
            A folder with config.json, tokenizer.json and safetensors of a Llama, Qwen2 or Qwen3 model. It
            stays on this computer, and is read where it lies. Choose it, or drop it here.
          </p>
          <div className="models-ways">
            <FileChooser
              label="Choose folder"
              files="Model’s folder"
              folder
              disabled={busy !== null}
              onChoose={files => models.add(pathed(files))}
            />
            <FileChooser
              label="Choose files"
              files="Model’s files"
              disabled={busy !== null}
              onChoose={files => models.add(pathed(files))}
            />
          </div>
        </section>
        <p role="status" className="models-busy">
          {busy}
        </p>
        {fault && <FaultCard fault={fault} onDismiss={models.dismiss} />}
      </div>
    </Dialog>
  );
}
