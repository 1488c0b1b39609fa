import { useId, useMemo, type ComponentType } from 'react';
import { recipeChanges } from '../../settings/differences.ts';
import type { Field } from '../../settings/fields.ts';
import { GROUPS, type Group } from '../../settings/groups.ts';
import { useConfig, useLab, useRuns } from '../shared/lab-context.ts';
import { ChangedSettings, isBelow, useChanged } from './changed-settings.ts';
import { ChangesBar } from './changes-bar.tsx';
import * as method from './method-editors.tsx';
import { RecipeChoice } from './recipe-choice.tsx';
import { Setting, type SettingProps } from './setting.tsx';
import { ConstitutionSummary, ModelChoice, PromptMix } from './task-editors.tsx';
import './setup.css';

/** Settings whose control is more than their kind of value says, by their paths. */
const EDITORS: Readonly<Record<string, ComponentType<SettingProps<never>>>> = {
  recipe: RecipeChoice,
  constitution: ConstitutionSummary,
  mix: PromptMix,
  'teacher.model': method.TeacherModel,
  calibration: method.CalibrationNote,
  'calibration.frontier': method.OutsideModel,
  lora: method.WeightsChoice,
  model: ModelChoice,
};

const editorOf = ({ path, kind }: Field): ComponentType<SettingProps<never>> | undefined =>
  EDITORS[path] ?? (path.startsWith('objective.') && kind === 'number' ? method.ObjectiveNumber : undefined);

function Marks({ paths }: { readonly paths: readonly string[] }) {
  const changed = useChanged(paths);
  const wrong = useConfig(state => state.problems.some(({ path }) => isBelow(path, paths)));
  if (wrong) return <span className="group-mark group-mark-wrong">needs a look</span>;
  return changed ? <span className="group-mark">changed</span> : null;
}

/** A group of settings: always in sight, or folded, when the heading says how they stand. */
function SettingsGroup({ group, disabled }: { readonly group: Group; readonly disabled: boolean }) {
  const id = useId();
  const draft = useConfig(state => state.draft);
  const { title, fields, paths, now, empty } = group;
  if (group.applies && !group.applies(draft)) return null;
  const settings = fields.map(field => {
    const Editor = editorOf(field);
    if (Editor)
      return field.exists(draft) && <Editor key={field.path} field={field as never} disabled={disabled} />;
    return field.applies(draft) && <Setting key={field.path} field={field} disabled={disabled} />;
  });
  if (empty && !fields.some(field => field.applies(draft)))
    settings.push(
      <p key="empty" className="field-note">
        {empty}
      </p>,
    );
  if (!now)
    return (
      <section className="group" aria-labelledby={id}>
        <h3 id={id}>
          {title} <Marks paths={paths} />
        </h3>
        {settings}
      </section>
    );
  return (
    <details className="group group-folded">
      <summary>
        <span className="group-title">{title}</span> <span className="group-now">{now(draft)}</span>{' '}
        <Marks paths={paths} />
      </summary>
      {settings}
    </details>
  );
}

/** The way back to a first visit, and back from there. Settings outlive the page, so that one is needed. */
function ResetSettings({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const touched = useConfig(state => state.touched);
  const undo = useConfig(state => state.beforeReset !== null);
  if (!touched && !undo) return null;
  return (
    <div className="reset-settings">
      <button
        type="button"
        className="button"
        disabled={disabled}
        onClick={undo ? config.undoReset : config.reset}
      >
        {undo ? 'Undo reset' : 'Reset settings'}
      </button>
      <p className="field-note">
        {undo
          ? 'Everything is as on a first visit.'
          : 'Everything as on a first visit: recipe, model, constitution, seed. Settings are kept in this browser.'}
      </p>
    </div>
  );
}

/** The left of the page: what the next run will be. */
export function SetupPanel() {
  const replay = useRuns(state => state.gpu.kind === 'none');
  const draft = useConfig(state => state.draft);
  const changed = useMemo(() => recipeChanges(draft), [draft]);
  return (
    <ChangedSettings value={changed}>
      <div className="setup">
        <ChangesBar />
        {replay && (
          <p className="setup-replay">
            Settings are fixed here: without WebGPU the recorded run is replayed.
          </p>
        )}
        {GROUPS.map(group => (
          <SettingsGroup key={group.title} group={group} disabled={replay} />
        ))}
        <ResetSettings disabled={replay} />
      </div>
    </ChangedSettings>
  );
}
