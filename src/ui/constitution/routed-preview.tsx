import { useEffect, useState } from 'react';
import { CATEGORIES, type Category } from '../../contract/world.ts';
import { countOf } from '../../contract/format.ts';
import { routedTexts } from '../../state/constitution/routing.ts';
import { useConfig, useConstitutions, useLab } from '../shared/lab-context.ts';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import { CATEGORY_LABELS } from './clause-route.ts';

/** Typing settles before the model is asked again. */
const ASK_DELAY_MS = 500;

/** What stands in the teacher's context for a query of each category, and how the model reads it. */
export function RoutedPreview() {
  const { constitutions } = useLab();
  const document = useConfig(state => state.draft.constitution);
  const { reading, readFor } = useConstitutions(state => state);
  const [category, setCategory] = useState<Category>('default');
  const routed = routedTexts(document);
  const known = readFor === document && reading?.ok ? reading.value : null;
  const failed = readFor === document && reading && !reading.ok ? reading.fault : null;

  useEffect(() => {
    const timer = setTimeout(() => void constitutions.inspect(document), ASK_DELAY_MS);
    return () => clearTimeout(timer);
  }, [constitutions, document]);

  const text = routed[category];
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
      <p className="routed-note">before a query that touches {CATEGORY_LABELS[category]}:</p>
      <blockquote className="routed-text">{text ?? 'nothing: no clause applies'}</blockquote>
      <dl className="routed-facts">
        <div>
          <dt>This text</dt>
          <dd>{known ? countOf(known.routed[category]?.tokens ?? 0, 'token') : '–'}</dd>
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
