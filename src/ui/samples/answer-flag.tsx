import type { JudgedAnswer, SampleRecord } from '../../record/run-record.ts';
import { LABELS } from '../../contract/world.ts';
import { sameFlag, type Flag } from '../../state/samples/sample-review.ts';
import { ANSWER_LABELS } from '../shared/answer-labels.ts';
import { Icon } from '../shared/icon.tsx';
import { useLab, useReview } from '../shared/lab-context.ts';

interface FlagProps {
  readonly runId: string;
  readonly sample: SampleRecord;
  readonly who: Flag['who'];
}

function flagOf({ runId, sample, who }: FlagProps): Flag {
  const { step, kind, prompt } = sample;
  const { text, label, reason }: JudgedAnswer = sample[who];
  return { runId, step, kind, prompt, who, text, label, reason, should: null };
}

/** Flags a wrong judgement of an answer, with the right one. */
export function AnswerFlag(props: FlagProps) {
  const { review } = useLab();
  const flag = flagOf(props);
  const kept = useReview(({ flags }) => flags.find(other => sameFlag(other, flag)));
  return (
    <div className="answer-flag">
      <button
        type="button"
        className="button button-quiet"
        aria-pressed={kept !== undefined}
        onClick={() => review.toggleFlag(flag)}
      >
        <Icon name="flag" />
        {kept ? 'Judged wrongly' : 'Flag'}
        <span className="visually-hidden"> ({props.who}’s answer)</span>
      </button>
      {kept && (
        <select
          className="select"
          aria-label={`What the ${props.who}’s answer is instead`}
          value={kept.should ?? ''}
          onChange={event => {
            review.correct(flag, LABELS.find(label => label === event.target.value) ?? null);
          }}
        >
          <option value="">it is …</option>
          {LABELS.filter(label => label !== kept.label).map(label => (
            <option key={label} value={label}>
              {ANSWER_LABELS[label]}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
