import { lazy, Suspense, useCallback, useState } from 'react';
import { MODELS } from '../../settings/default-config.ts';
import { shortModelName } from '../../contract/format.ts';
import { useConfig } from '../shared/lab-context.ts';

const ModelsDialog = lazy(async () => {
  const { ModelsDialog: dialog } = await import('../models/models-dialog.tsx');
  return { default: dialog };
});
const ChatSettings = lazy(async () => {
  const { ChatSettings: settings } = await import('../models/chat-settings.tsx');
  return { default: settings };
});

/** The model that is trained, and whose base teaches. */
export function ModelChoice({ disabled }: { readonly disabled: boolean }) {
  const model = useConfig(state => state.draft.model);
  const chat = useConfig(state => state.draft.chat);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const known = MODELS.find(({ name }) => name === model);
  return (
    <>
      <div className="model-choice">
        <span className="model-choice-name">
          <strong>{known?.label ?? shortModelName(model)}</strong>
          <small className="field-note">
            {known?.detail ??
              (chat ? 'chat model, prompted in natural language' : 'not among the models of this page')}
          </small>
        </span>
        <button type="button" className="button" disabled={disabled} onClick={() => setOpen(true)}>
          Other model
        </button>
      </div>
      <Suspense>
        {chat && <ChatSettings chat={chat} disabled={disabled} />}
        {open && <ModelsDialog onClose={close} />}
      </Suspense>
    </>
  );
}
