import { useLab, useRuns } from '../shared/lab-context.ts';

const PACES = [
  { milliseconds: 0, label: 'Full speed' },
  { milliseconds: 100, label: '10 steps/s' },
  { milliseconds: 250, label: '4 steps/s' },
  { milliseconds: 500, label: '2 steps/s' },
  { milliseconds: 1_000, label: '1 step/s' },
  { milliseconds: 3_000, label: '1 step/3 s' },
] as const;

/** Most steps a second: on a fast GPU a run is over before a class has seen it. */
export function PaceSelect() {
  const { controls } = useLab();
  const pace = useRuns(state => state.pace);
  return (
    <select
      className="select bar-pace"
      aria-label="Pace: steps a second at most"
      title="Pace: steps a second at most"
      value={pace}
      onChange={event => controls.setPace(Number(event.target.value))}
    >
      {PACES.map(({ milliseconds, label }) => (
        <option key={milliseconds} value={milliseconds}>
          {label}
        </option>
      ))}
    </select>
  );
}
