import type { SampleRecord } from '../../record/run-record.ts';
import { prettify } from '../../state/constitution/routing.ts';
import { CATEGORY_LABELS } from '../constitution/clause-route.ts';
import { Icon } from '../shared/icon.tsx';
import { useLab, useReview } from '../shared/lab-context.ts';
import { Turn } from '../shared/turn.tsx';

interface PromptProps {
  readonly sample: SampleRecord;
  /** Its index among `count` prompts, from 0. */
  readonly place: number;
  readonly count: number;
  /** Shows the prompt at an index. */
  onTurn(place: number): void;
  /** Pins or unpins it. */
  onPin(): void;
}

/** The prompt on show: its text, a pin that keeps it first, and navigation to the others. */
export function SamplePrompt({ sample, place, count, onTurn, onPin }: PromptProps) {
  const { review } = useLab();
  const { prompt, kind, category } = sample;
  const pinned = useReview(({ pins }) => pins.includes(prompt));
  return (
    <div className="samples-prompt">
      <p className="samples-query">
        <span className="visually-hidden">Prompt: </span>
        {prettify(prompt)}
      </p>
      <p className="samples-about">
        held-out, {kind}
        {kind !== 'benign' && kind !== 'general' && `, ${CATEGORY_LABELS[category]}`}
      </p>
      <div className="samples-turn">
        <button
          type="button"
          className="button button-icon"
          aria-label="Pin this prompt"
          title={
            pinned
              ? 'Pinned: comes first, in every run, in this browser'
              : 'Pin: keep this prompt first, in every run'
          }
          aria-pressed={pinned}
          onClick={() => {
            onPin();
            review.togglePin(prompt);
          }}
        >
          <Icon name="pin" />
        </button>
        <Turn what="prompt" place={place} count={count} onTurn={onTurn} />
      </div>
    </div>
  );
}
