import { useMemo, useState } from 'react';
import { comparedPrompts } from '../../state/compare-answers.ts';
import { sharesBase, type RunGroup } from '../../state/compare-groups.ts';
import { prettify } from '../../state/routing.ts';
import { QUERY_KINDS, type QueryKind } from '../../contract/world.ts';
import { CATEGORY_LABELS } from '../constitution/clause-route.ts';
import { Answer } from '../samples/answer.tsx';
import '../samples/samples.css';
import { Icon } from '../shared/icon.tsx';
import './answers.css';

/** One held-out prompt, answered by the base and by the students of all groups, side by side. */
export function AnswersView({ groups }: { readonly groups: readonly RunGroup[] }) {
  const prompts = useMemo(() => comparedPrompts(groups), [groups]);
  const kinds = QUERY_KINDS.filter(kind => prompts.some(prompt => prompt.kind === kind));
  const [wanted, setWanted] = useState<QueryKind>('borderline');
  const [index, setIndex] = useState(0);
  const [teachers, setTeachers] = useState(false);
  const kind = kinds.includes(wanted) ? wanted : kinds[0];
  const ofKind = prompts.filter(prompt => prompt.kind === kind);
  const place = ofKind.length > 0 ? ((index % ofKind.length) + ofKind.length) % ofKind.length : 0;
  const shown = ofKind[place];

  return (
    <section className="chart compare-answers" aria-labelledby="compare-answers-title">
      <header className="chart-head">
        <h3 id="compare-answers-title">One prompt, every run</h3>
        <label className="compare-teachers">
          <input type="checkbox" checked={teachers} onChange={() => setTeachers(!teachers)} />
          Teachers too
        </label>
      </header>
      <p className="chart-about">What is lost when an answer gets safe, in its own words?</p>
      {!shown ? (
        <p className="compare-empty">
          {groups.length > 1 ? 'These runs kept no answers to the same prompt.' : 'This run kept no answers.'}
        </p>
      ) : (
        <>
          <div className="compare-option" role="group" aria-label="Kind of prompt">
            {kinds.map(name => (
              <button
                key={name}
                type="button"
                className="button button-quiet"
                aria-pressed={name === kind}
                onClick={() => setWanted(name)}
              >
                {name}
              </button>
            ))}
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
              <button
                type="button"
                className="button button-icon"
                aria-label="Previous prompt"
                onClick={() => setIndex(place - 1)}
              >
                <Icon name="previous" />
              </button>
              <span>
                {place + 1} of {ofKind.length}
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
          <div className="compare-columns">
            <Answer who="base" title="Base" answer={shown.base} against={null} />
            {shown.answers.flatMap(({ label, seed, step, student, teacher }) => [
              <Answer
                key={label}
                who="student"
                title={`${label}, step ${step}, seed ${seed}`}
                answer={student}
                against={shown.base.text}
              />,
              ...(teachers
                ? [
                    <Answer
                      key={`${label} teacher`}
                      who="teacher"
                      title={`${label}: teacher, with constitution`}
                      answer={teacher}
                      against={shown.base.text}
                    />,
                  ]
                : []),
            ])}
          </div>
        </>
      )}
      <p className="compare-note">
        <mark>Marked</mark> words differ from the base’s answer. A group shows its first seed.
        {!sharesBase(groups) && ' These runs began from different weights: the base is that of the first.'}
      </p>
    </section>
  );
}
