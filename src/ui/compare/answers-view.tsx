import { useMemo, useState } from 'react';
import { comparedPrompts, sharedSeeds } from '../../state/compare/answers.ts';
import { sharesBase, type RunGroup } from '../../state/compare/groups.ts';
import { prettify } from '../../state/constitution/routing.ts';
import { QUERY_KINDS, type QueryKind } from '../../contract/world.ts';
import { CATEGORY_LABELS } from '../constitution/clause-route.ts';
import { Answer } from '../samples/answer.tsx';
import '../samples/samples.css';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import { Turn } from '../shared/turn.tsx';
import { AnswerColumn } from './answer-column.tsx';

interface StepSliderProps {
  readonly steps: readonly number[];
  /** Null follows the last. */
  readonly step: number | null;
  onStep(step: number | null): void;
}

/** Which step's answers are read, where there are several. */
function StepSlider({ steps, step, onStep }: StepSliderProps) {
  const last = steps.length - 1;
  if (last < 1) return null;
  const at =
    step === null
      ? last
      : Math.max(
          0,
          steps.findLastIndex(other => other <= step),
        );
  return (
    <label className="samples-step compare-step">
      <span>Step</span>
      <input
        type="range"
        min={0}
        max={last}
        step={1}
        value={at}
        aria-valuetext={`step ${steps[at]}`}
        onChange={event => {
          const place = Number(event.target.value);
          onStep(place === last ? null : (steps[place] ?? null));
        }}
      />
      <span>{at === last ? 'last' : steps[at]}</span>
    </label>
  );
}

/** One held-out prompt, answered by the base and by the students of all groups, side by side. */
export function AnswersView({ groups }: { readonly groups: readonly RunGroup[] }) {
  const seeds = useMemo(() => sharedSeeds(groups), [groups]);
  const [askedSeed, setSeed] = useState<number | null>(null);
  const seed = seeds.find(other => other === askedSeed) ?? seeds[0];
  const prompts = useMemo(() => comparedPrompts(groups, seed), [groups, seed]);
  const kinds = QUERY_KINDS.filter(kind => prompts.some(prompt => prompt.kind === kind));
  const [wanted, setWanted] = useState<QueryKind>('borderline');
  const [index, setIndex] = useState(0);
  const [step, setStep] = useState<number | null>(null);
  const [teachers, setTeachers] = useState(false);
  const kind = kinds.includes(wanted) ? wanted : kinds[0];
  const ofKind = prompts.filter(prompt => prompt.kind === kind);
  const place = index % Math.max(1, ofKind.length);
  const shown = ofKind[place];
  const ownBases = groups.length > 1 && (seeds.length === 0 || !sharesBase(groups));

  return (
    <section className="chart compare-answers" aria-labelledby="compare-answers-title">
      <header className="chart-head">
        <h3 id="compare-answers-title">One prompt, every run</h3>
      </header>
      <p className="chart-about">What is lost when an answer gets safe, in its own words?</p>
      {!shown ? (
        <p className="figure-empty">
          {groups.length > 1 ? 'These runs kept no answers to the same prompt.' : 'This run kept no answers.'}
        </p>
      ) : (
        <>
          <div className="compare-asked">
            <ToggleGroup
              className="compare-option"
              label="Kind of prompt"
              options={kinds.map(name => [name, name] as const)}
              value={kind}
              onChoose={setWanted}
            />
            {seeds.length > 1 && (
              <label className="compare-seed">
                Seed
                <select
                  className="select"
                  value={seed}
                  onChange={event => setSeed(Number(event.target.value))}
                >
                  {seeds.map(other => (
                    <option key={other}>{other}</option>
                  ))}
                </select>
              </label>
            )}
            <label className="compare-teachers">
              <input type="checkbox" checked={teachers} onChange={() => setTeachers(!teachers)} />
              Teachers too
            </label>
          </div>
          <div className="samples-prompt">
            <p className="samples-query">
              <span className="visually-hidden">Prompt: </span>
              {prettify(shown.prompt)}
            </p>
            <p className="samples-about">
              held-out, {shown.kind}
              {shown.kind !== 'benign' && shown.kind !== 'general' && `, ${CATEGORY_LABELS[shown.category]}`}
            </p>
            <div className="samples-turn">
              <Turn what="prompt" place={place} count={ofKind.length} onTurn={setIndex} />
            </div>
          </div>
          <StepSlider steps={shown.steps} step={step} onStep={setStep} />
          <div className="compare-columns">
            <Answer who="base" title="Base" answer={shown.base} against={null} />
            {shown.answers.map(answers => (
              <AnswerColumn key={answers.label} answers={answers} step={step} teacher={teachers} />
            ))}
          </div>
        </>
      )}
      <p className="figure-note">
        <mark>Marked</mark> words differ from the base’s answer.
        {teachers && ' Teachers read the constitution.'}
        {ownBases &&
          ' These runs have bases of their own: the first one’s is shown, and each run is marked against its own.'}
      </p>
    </section>
  );
}
