import { useEffect } from 'react';
import { fieldAt } from '../../settings/fields.ts';
import type { ChatConfig } from '../../settings/chat-config.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { Setting } from '../setup/setting.tsx';
import { FileChooser } from '../shared/file-chooser.tsx';
import { useConfig, useLab, useModels } from '../shared/lab-context.ts';
import { ClassifierChoice } from './classifier-choice.tsx';
import { MemoryLine } from './memory-line.tsx';
import './models.css';

const SETTINGS = ['chat.storage', 'chat.recompute', 'chat.thinking'].map(fieldAt);

/** Milliseconds without a change before the memory is computed again. */
const QUIET = 400;

/** What a chat model needs besides, with the memory that the run will take. */
export function ChatSettings({ chat, disabled }: { readonly chat: ChatConfig; readonly disabled: boolean }) {
  const { config, models } = useLab();
  const draft = useConfig(state => state.draft);
  const { model } = draft;
  const description = useModels(state => (state.description?.name === model ? state.description : null));
  const prompts = useModels(state => state.prompts);
  const fault = useModels(state => state.fault);
  useEffect(() => {
    const predict = (): void => void models.predict();
    let timer = setTimeout(predict, QUIET);
    const stop = config.store.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(predict, QUIET);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [models, config]);
  useEffect(() => void models.describe(model), [models, model]);
  const edit = (change: Partial<ChatConfig>): void =>
    config.edit(before => ({ ...before, chat: before.chat && { ...before.chat, ...change } }));
  return (
    <div className="chat-settings">
      {description?.notes.map(note => (
        <p key={note} className="field-note">
          {note}
        </p>
      ))}
      {SETTINGS.filter(({ path }) => path !== 'chat.thinking' || description?.thinking).map(field => (
        <Setting key={field.path} field={field} disabled={disabled} />
      ))}
      <div>
        <p className="field-note">
          Prompts: {chat.prompts ? chat.prompts.title : 'the starter set'}
          {prompts &&
            `, ${prompts.counts.benign.train + prompts.counts.borderline.train + prompts.counts.harmful.train + prompts.counts.general.train} to train on`}
          . A file has one object a line: prompt or messages, kind, category, reference.
        </p>
        <div className="models-ways">
          <FileChooser
            label="Choose prompts"
            files="File of prompts"
            accept=".jsonl,.json,.ndjson"
            multiple={false}
            disabled={disabled}
            onChoose={([file]) => void (file && models.addPrompts(file))}
          />
          {chat.prompts && (
            <button
              type="button"
              className="button"
              disabled={disabled}
              onClick={() => void models.starterPrompts()}
            >
              Starter set
            </button>
          )}
          <FileChooser
            label={draft.adapter ? 'Another adapter' : 'Start from an adapter'}
            files="Adapter’s files"
            accept=".json,.safetensors"
            disabled={disabled}
            onChoose={models.addAdapter}
          />
          {draft.adapter && (
            <button
              type="button"
              className="button"
              disabled={disabled}
              onClick={() => config.edit(before => ({ ...before, adapter: null }))}
            >
              Fresh adapter
            </button>
          )}
        </div>
        {draft.adapter && <p className="field-note">Starts from {draft.adapter}.</p>}
        {prompts?.notes.map(note => (
          <p key={note} className="field-note">
            {note}
          </p>
        ))}
      </div>
      <ClassifierChoice
        classifier={chat.classifier}
        disabled={disabled}
        onChange={classifier => edit({ classifier })}
      />
      <MemoryLine />
      {fault && <FaultCard fault={fault} onDismiss={models.dismiss} />}
    </div>
  );
}
