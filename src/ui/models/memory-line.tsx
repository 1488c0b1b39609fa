import { formatBytes } from '../../contract/format.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { useModels } from '../shared/lab-context.ts';

const NAMES = {
  weights: 'weights',
  learner: 'adapter and optimiser',
  activations: 'activations',
  cache: 'keys and values',
  logits: 'logits',
} as const;

/** What the run will take of GPU memory, and of what. */
export function MemoryLine() {
  const forecast = useModels(state => state.forecast);
  if (!forecast) return null;
  const { peakBytes, shares, refused } = forecast;
  const parts = Object.entries(NAMES).map(([key, name]) => ({
    name,
    bytes: shares[key as keyof typeof NAMES],
  }));
  const text = parts.map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`).join(', ');
  return (
    <div className="memory">
      <p className="field-note">
        The run will take {formatBytes(peakBytes)} of GPU memory: {text}.
      </p>
      <div className="memory-bar" aria-hidden="true">
        {parts.map(({ name, bytes }) => (
          <span key={name} style={{ width: `${(100 * bytes) / peakBytes}%` }} />
        ))}
      </div>
      {refused && <FaultCard fault={refused} />}
    </div>
  );
}
