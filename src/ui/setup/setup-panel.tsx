import { useId, type ReactNode } from 'react';
import { MODELS } from '../../contract/default-config.ts';
import {
  EVALUATION_FIELDS,
  OPTIMIZER_FIELDS,
  ROLLOUT_FIELDS,
  RUN_FIELDS,
  type NumberField,
} from '../../state/number-fields.ts';
import { useConfig, useLab, useRuns } from '../shared/lab-context.ts';
import { ChangesBar } from './changes-bar.tsx';
import { ConstitutionSummary } from './constitution-summary.tsx';
import { FieldFrame } from './field-frame.tsx';
import { MethodChoice } from './method-choice.tsx';
import { NumberInput } from './number-input.tsx';
import { PromptMix } from './prompt-mix.tsx';
import { ScheduleChoice } from './schedule-choice.tsx';
import './setup.css';
import { WeightsChoice } from './weights-choice.tsx';

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className="group" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

function Folded({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <details className="group group-folded">
      <summary>{title}</summary>
      {children}
    </details>
  );
}

function Numbers({
  fields,
  disabled,
}: {
  readonly fields: readonly NumberField[];
  readonly disabled: boolean;
}) {
  return fields.map(field => <NumberInput key={field.path} field={field} disabled={disabled} />);
}

function ModelChoice({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const id = useId();
  const model = useConfig(state => state.draft.model);
  const known = MODELS.find(({ name }) => name === model);
  return (
    <FieldFrame
      id={id}
      label="Student and teacher"
      why={known?.detail ?? 'not among the models of this page'}
    >
      <select
        id={id}
        className="select field-select"
        disabled={disabled}
        aria-describedby={`${id}-note`}
        value={model}
        onChange={event => config.edit(draft => ({ ...draft, model: event.target.value }))}
      >
        {!known && <option value={model}>{model}</option>}
        {MODELS.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

/** The left of the page: what the next run will be. */
export function SetupPanel({ onConstitution }: { onConstitution(): void }) {
  const replay = useRuns(state => state.gpu.kind === 'none');
  return (
    <div className="setup">
      <ChangesBar />
      {replay && (
        <p className="setup-replay">Settings are fixed here: without WebGPU the recorded run is replayed.</p>
      )}
      <Group title="Model">
        <ModelChoice disabled={replay} />
      </Group>
      <Group title="Method">
        <MethodChoice disabled={replay} />
      </Group>
      <Group title="Constitution">
        <ConstitutionSummary onOpen={onConstitution} />
      </Group>
      <Group title="Prompts">
        <PromptMix disabled={replay} />
      </Group>
      <Group title="Run">
        <Numbers fields={RUN_FIELDS} disabled={replay} />
      </Group>
      <Folded title="Rollouts">
        <Numbers fields={ROLLOUT_FIELDS} disabled={replay} />
      </Folded>
      <Folded title="Optimiser and loss">
        <ScheduleChoice disabled={replay} />
        <Numbers fields={OPTIMIZER_FIELDS} disabled={replay} />
      </Folded>
      <Folded title="Trained weights">
        <WeightsChoice disabled={replay} />
      </Folded>
      <Folded title="Evaluation">
        <Numbers fields={EVALUATION_FIELDS} disabled={replay} />
      </Folded>
    </div>
  );
}
