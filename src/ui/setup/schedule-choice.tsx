import { useId } from 'react';
import type { RunConfig } from '../../settings/run-config.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';
import { FieldFrame } from './field-frame.tsx';

type Schedule = RunConfig['optimizer']['schedule'];
const SCHEDULES: readonly Schedule[] = ['constant', 'linear', 'cosine'];

/** How the learning rate goes on after the warm-up. */
export function ScheduleChoice({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const id = useId();
  const schedule = useConfig(state => state.draft.optimizer.schedule);
  return (
    <FieldFrame
      id={id}
      label="Schedule"
      why="The learning rate after warm-up: falling ends the run calmly, constant shows drift."
    >
      <select
        id={id}
        className="select field-select"
        disabled={disabled}
        aria-describedby={`${id}-note`}
        value={schedule}
        onChange={event =>
          config.edit(draft => ({
            ...draft,
            optimizer: { ...draft.optimizer, schedule: event.target.value as Schedule },
          }))
        }
      >
        {SCHEDULES.map(name => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}
