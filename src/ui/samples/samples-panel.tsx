import { useMemo, useState } from 'react';
import type { SampleRecord } from '../../contract/run-record.ts';
import { QUERY_KINDS, type QueryKind } from '../../contract/world.ts';
import { prettify } from '../../state/routing.ts';
import { useRunFrame } from '../shared/use-run-frame.ts';
import { CATEGORY_LABELS } from '../constitution/clause-route.ts';
import { Icon } from '../shared/icon.tsx';
import { Answer } from './answer.tsx';
import './samples.css';

/** The prompts of a kind in the order in which they came, and all answers to the chosen one, by step. */
function pick(samples: readonly SampleRecord[], kind: QueryKind, index: number) {
  const ofKind = samples.filter(sample => sample.kind === kind);
  const prompts = [...new Set(ofKind.map(({ prompt }) => prompt))];
  const place = prompts.length > 0 ? ((index % prompts.length) + prompts.length) % prompts.length : 0;
  const chosen = ofKind.filter(({ prompt }) => prompt === prompts[place]).sort((a, b) => a.step - b.step);
  return { count: prompts.length, place, chosen };
}

/** The right of the page: one held-out prompt, answered by the base, by the student at a step, and by the teacher. */
export function SamplesPanel() {
  const { data } = useRunFrame(true);
  const { samples } = data;
  const [kind, setKind] = useState<QueryKind>('borderline');
  const [index, setIndex] = useState(0);
  /** The step looked at; null follows the latest. */
  const [step, setStep] = useState<number | null>(null);
  const { count, place, chosen } = useMemo(() => pick(samples, kind, index), [samples, kind, index]);
  const at = step === null ? chosen.length - 1 : chosen.findLastIndex(sample => sample.step <= step);
  const sample = chosen[Math.max(0, at)];

  return (
    <div className="samples">
      <div className="samples-kinds" role="group" aria-label="Kind of prompt">
        {QUERY_KINDS.map(name => (
          <button
            key={name}
            type="button"
            className="button button-quiet"
            aria-pressed={name === kind}
            onClick={() => setKind(name)}
          >
            {name}
          </button>
        ))}
      </div>
      {!sample && <p className="samples-none">Answers appear here with the first evaluation.</p>}
      {sample && (
        <>
          <div className="samples-prompt">
            <p className="samples-query">
              <span className="visually-hidden">Prompt: </span>
              {prettify(sample.prompt)}
            </p>
            <p className="samples-about">
              held-out, {kind}
              {kind !== 'benign' && kind !== 'general' && `, ${CATEGORY_LABELS[sample.category]}`}
            </p>
            <div className="samples-turn">
              <button
                type="button"
                className="button button-icon"
                aria-label="Previous prompt"
                onClick={() => setIndex(place - 1)}
              >
                <Icon name="previous" />
              </button>
              <span>
                {place + 1} of {count}
              </span>
              <button
                type="button"
                className="button button-icon"
                aria-label="Next prompt"
                onClick={() => setIndex(place + 1)}
              >
                <Icon name="next" />
              </button>
            </div>
          </div>
          <Answer who="base" title="Base" answer={sample.base} against={null} />
          <Answer
            who="student"
            title={sample.step === 0 ? 'Student, untrained' : `Student at step ${sample.step}`}
            answer={sample.student}
            against={sample.base.text}
          />
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
          />
          <p className="samples-note">
            <mark>Marked</mark> words differ from the base’s answer.
          </p>
        </>
      )}
    </div>
  );
}
