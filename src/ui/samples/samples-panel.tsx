import { useMemo, useState } from 'react';
import { QUERY_KINDS } from '../../contract/world.ts';
import { countOf } from '../../contract/format.ts';
import { exportRun } from '../export/export-run.ts';
import { useLab, useReview } from '../shared/lab-context.ts';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import { useRunFrame } from '../shared/use-run-frame.ts';
import { Answer } from './answer.tsx';
import { AnswerFlag } from './answer-flag.tsx';
import { pickSamples, type SampleFilter } from './pick-sample.ts';
import { SamplePrompt } from './sample-prompt.tsx';
import './samples.css';

/** The answers of the run on show that the user flagged as judged wrongly: how many, and as a file. */
function Flagged({ runId }: { readonly runId: string }) {
  const lab = useLab();
  const count = useReview(({ flags }) => flags.filter(flag => flag.runId === runId).length);
  if (count === 0) return null;
  return (
    <p className="samples-flagged">
      {countOf(count, 'answer')} flagged in this run.
      <button
        type="button"
        className="button button-quiet"
        onClick={() => void exportRun(lab, runId, 'flags')}
      >
        Flagged answers (CSV)
      </button>
    </p>
  );
}

/** The right-hand pane: one held-out prompt, answered by the base, by the student at a step, and by the teacher. */
export function SamplesPanel() {
  const { run, data } = useRunFrame(true);
  const { samples } = data;
  const pins = useReview(state => state.pins);
  const [asked, setFilter] = useState<SampleFilter>('borderline');
  const [prompt, setPrompt] = useState<string | null>(null);
  /** The step on show; null follows the latest. */
  const [step, setStep] = useState<number | null>(null);
  const pinned = useMemo(() => pickSamples(samples, 'pinned', pins, null).prompts.length, [samples, pins]);
  const filter = asked === 'pinned' && pinned === 0 ? 'borderline' : asked;
  const { prompts, place, chosen } = useMemo(
    () => pickSamples(samples, filter, pins, prompt),
    [samples, filter, pins, prompt],
  );
  const at = step === null ? chosen.length - 1 : chosen.findLastIndex(sample => sample.step <= step);
  const sample = chosen[Math.max(0, at)];
  const runId = run?.id ?? '';

  return (
    <div className="samples">
      <ToggleGroup
        className="samples-kinds"
        label="Kind of prompt"
        options={[
          ...QUERY_KINDS.map(name => [name, name] as const),
          ...(pinned > 0 ? [['pinned', `pinned (${pinned})`] as const] : []),
        ]}
        value={filter}
        onChoose={setFilter}
      />
      {!sample && <p className="samples-none">Answers appear here with the first evaluation.</p>}
      {sample && (
        <>
          <SamplePrompt
            sample={sample}
            place={place}
            count={prompts.length}
            onTurn={turned => setPrompt(prompts[turned] ?? null)}
            onPin={() => setPrompt(sample.prompt)}
          />
          <Answer who="base" title="Base" answer={sample.base} against={null}>
            <AnswerFlag runId={runId} sample={sample} who="base" />
          </Answer>
          <Answer
            who="student"
            title={sample.step === 0 ? 'Student, untrained' : `Student at step ${sample.step}`}
            answer={sample.student}
            against={sample.base.text}
          >
            <AnswerFlag runId={runId} sample={sample} who="student" />
          </Answer>
          {chosen.length > 1 && (
            <label className="samples-step">
              <span>Step</span>
              <input
                type="range"
                min={0}
                max={chosen.length - 1}
                step={1}
                value={Math.max(0, at)}
                aria-valuetext={`step ${sample.step}`}
                onChange={event => {
                  const position = Number(event.target.value);
                  setStep(position === chosen.length - 1 ? null : (chosen[position]?.step ?? null));
                }}
              />
              <span>{step === null ? 'latest' : sample.step}</span>
            </label>
          )}
          <Answer
            who="teacher"
            title="Teacher, reading the constitution"
            answer={sample.teacher}
            against={sample.base.text}
          >
            <AnswerFlag runId={runId} sample={sample} who="teacher" />
          </Answer>
          <p className="samples-note">
            <mark>Marked</mark> words differ from the base’s answer.
          </p>
          <Flagged runId={runId} />
        </>
      )}
    </div>
  );
}
