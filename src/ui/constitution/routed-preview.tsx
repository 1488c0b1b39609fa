import { useEffect, useMemo, useState } from 'react';
import { CATEGORIES, type Category } from '../../contract/world.ts';
import { readingAsked, readingOf } from '../../state/constitution/constitution-store.ts';
import { countOf } from '../../contract/format.ts';
import { routedTexts } from '../../state/constitution/routing.ts';
import { useConfig, useConstitutions, useLab } from '../shared/lab-context.ts';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import { CATEGORY_LABELS } from './clause-route.ts';

/** Typing settles before the model is asked again. */
const ASK_DELAY_MS = 500;

/** What stands in the teacher's context for a query of each category, and how the model of the settings reads it. */
export function RoutedPreview() {
  const { constitutions } = useLab();
  const draft = useConfig(state => state.draft);
  const asked = useMemo(() => readingAsked(draft), [draft]);
  const answer = readingOf(
    useConstitutions(state => state),
    asked,
  );
  const reading = answer === 'asked' ? null : answer;
  const [category, setCategory] = useState<Category>('default');
  const known = reading?.ok ? reading.value : null;
  const failed = reading?.ok === false ? reading.fault : null;

  useEffect(() => {
    const timer = setTimeout(() => void constitutions.inspect(asked), ASK_DELAY_MS);
    return () => clearTimeout(timer);
  }, [constitutions, asked]);

  // A chat model's template is the worker's to fill in.
  const { chat, constitution } = draft;
  const text = chat ? (known?.routed[category].text ?? '…') : routedTexts(constitution)[category];
  return (
    <section className="routed" aria-labelledby="routed-title">
      <h3 id="routed-title">What the teacher reads</h3>
      <ToggleGroup
        className="routed-tabs"
        label="Query’s category"
        options={CATEGORIES.map(name => [name, CATEGORY_LABELS[name]] as const)}
        value={category}
        onChoose={setCategory}
      />
      <p className="routed-note">
        {chat ? 'with' : 'before'} a query that touches {CATEGORY_LABELS[category]}
        {chat && `, which stands as “…”${asked.gold ? ', as a good answer does' : ''}`}:
      </p>
      <blockquote className="routed-text">{text ?? 'nothing: no clause applies'}</blockquote>
      <dl className="routed-facts">
        <div>
          <dt>This text</dt>
          <dd>{known ? countOf(known.routed[category].tokens, 'token') : '–'}</dd>
        </div>
        <div>
          <dt>All clauses that are on</dt>
          <dd>{known ? countOf(known.tokens, 'token') : '–'}</dd>
        </div>
        <div>
          <dt>Words the model does not know</dt>
          <dd>{known ? known.unknownWords.join(', ') || 'none' : '–'}</dd>
        </div>
      </dl>
      {known && known.unknownWords.length > 0 && (
        <p className="routed-note">
          Unknown words reach the model letter by letter: it can read them, but they mean little to it.
        </p>
      )}
      {failed && (
        <p className="routed-note">
          Tokens were not counted: {failed.message}. {failed.nextStep}
        </p>
      )}
    </section>
  );
}
