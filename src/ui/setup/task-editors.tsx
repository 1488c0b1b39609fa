import { lazy, Suspense, useCallback, useState } from 'react';
import { countOf, percent, shortModelName } from '../../contract/format.ts';
import { QUERY_KINDS } from '../../contract/world.ts';
import { MODELS } from '../../settings/default-config.ts';
import { fieldAt } from '../../settings/fields.ts';
import { clauseRoute } from '../constitution/clause-route.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';
import { problemText } from './field-frame.tsx';

const ModelsDialog = lazy(async () => {
  const { ModelsDialog: dialog } = await import('../models/models-dialog.tsx');
  return { default: dialog };
});
const ChatSettings = lazy(async () => {
  const { ChatSettings: settings } = await import('../models/chat-settings.tsx');
  return { default: settings };
});

interface EditorProps {
  readonly disabled: boolean;
}

/** The model that is trained, and whose base teaches. */
export function ModelChoice({ disabled }: EditorProps) {
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

/** The constitution in short, and the way to its panel. */
export function ConstitutionSummary() {
  const { page } = useLab();
  const { title, clauses } = useConfig(state => state.draft.constitution);
  const on = clauses.filter(clause => clause.enabled);
  return (
    <div className="summary">
      <p className="summary-title">{title || 'Untitled'}</p>
      <p className="summary-count">
        {on.length} of {countOf(clauses.length, 'clause')} on
      </p>
      <ul className="summary-clauses">
        {on.slice(0, 4).map(clause => (
          <li key={clause.id}>
            <span className="chip">{clauseRoute(clause)}</span> {clause.text}
          </li>
        ))}
        {on.length > 4 && <li>and {on.length - 4} more</li>}
      </ul>
      <button
        type="button"
        className="button"
        aria-keyshortcuts="C"
        onClick={() => page.open('constitution')}
      >
        Edit or import
      </button>
    </div>
  );
}

/** Shares of the query kinds in a step. */
export function PromptMix({ disabled }: EditorProps) {
  const { config } = useLab();
  const mix = useConfig(state => state.draft.mix);
  const problem = useConfig(state => state.problems.find(({ path }) => path.startsWith('mix'))?.message);
  const sum = QUERY_KINDS.reduce((total, kind) => total + mix[kind], 0);
  return (
    <fieldset className="mix" disabled={disabled}>
      <legend className="visually-hidden">Prompts: shares of the query kinds</legend>
      {QUERY_KINDS.map(kind => (
        <label key={kind} className="mix-row">
          <span className="mix-name">{kind}</span>
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={mix[kind]}
            aria-valuetext={percent(mix[kind])}
            onChange={event =>
              config.edit(draft => ({ ...draft, mix: { ...draft.mix, [kind]: Number(event.target.value) } }))
            }
          />
          <span className="mix-share">{percent(sum > 0 ? mix[kind] / sum : 0)}</span>
          <span className="mix-example">{fieldAt(`mix.${kind}`).words.why}</span>
        </label>
      ))}
      {problem && <p className="field-note field-problem">{problemText('Prompts:', problem)}</p>}
    </fieldset>
  );
}
