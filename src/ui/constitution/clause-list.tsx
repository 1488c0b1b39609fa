import { CATEGORIES, STYLES, type Clause } from '../../contract/world.ts';
import { Icon } from '../shared/icon.tsx';
import { useConfig, useLab } from '../shared/lab-context.ts';
import { lessonTarget } from '../shared/lesson-target.ts';
import { CATEGORY_LABELS, STYLE_LABELS } from './clause-route.ts';

interface RouteProps<T extends string> {
  readonly label: string;
  readonly none: string;
  readonly names: readonly T[];
  readonly words: Record<T, string>;
  readonly value: T | null;
  onChoose(value: T | null): void;
}

/** One half of a clause's routing, as a chip that can be changed. */
function Route<T extends string>({ label, none, names, words, value, onChoose }: RouteProps<T>) {
  return (
    <select
      className={value === null ? 'route route-none' : 'route'}
      aria-label={label}
      value={value ?? ''}
      onChange={event => onChoose(names.find(name => name === event.target.value) ?? null)}
    >
      <option value="">{none}</option>
      {names.map(name => (
        <option key={name} value={name}>
          {words[name]}
        </option>
      ))}
    </select>
  );
}

function ClauseRow({ clause, number }: { readonly clause: Clause; readonly number: number }) {
  const { constitutions } = useLab();
  const change = (part: Partial<Clause>): void => constitutions.editClause(clause.id, part);
  return (
    <li className={clause.enabled ? 'clause' : 'clause clause-off'}>
      <label className="clause-switch">
        <input
          type="checkbox"
          {...lessonTarget('clauses')}
          checked={clause.enabled}
          onChange={event => change({ enabled: event.target.checked })}
        />
        <span className="visually-hidden">Clause {number} on</span>
      </label>
      <textarea
        className="textarea clause-text"
        aria-label={`Clause ${number}`}
        rows={Math.max(1, Math.ceil(clause.text.length / 58))}
        maxLength={2000}
        value={clause.text}
        onChange={event => change({ text: event.target.value.replaceAll('\n', ' ') })}
      />
      <button
        type="button"
        className="button button-icon clause-remove"
        aria-label={`Remove clause ${number}`}
        onClick={() => constitutions.removeClause(clause.id)}
      >
        <Icon name="close" />
      </button>
      <div className="clause-routes">
        <Route
          label={`Category of clause ${number}`}
          none="no category"
          names={CATEGORIES}
          words={CATEGORY_LABELS}
          value={clause.category}
          onChoose={category => change({ category })}
        />
        <Route
          label={`Style of clause ${number}`}
          none="no style"
          names={STYLES}
          words={STYLE_LABELS}
          value={clause.style}
          onChoose={style => change({ style })}
        />
        {clause.category === null && clause.style === null && clause.text.trim() !== '' && (
          <span className="clause-note">not recognised: read for every query, as it stands</span>
        )}
      </div>
    </li>
  );
}

/** The clauses: each can be switched off, reworded and routed by hand. */
export function ClauseList() {
  const { constitutions } = useLab();
  const clauses = useConfig(state => state.draft.constitution.clauses);
  return (
    <>
      <ol className="clauses">
        {clauses.map((clause, index) => (
          <ClauseRow key={clause.id} clause={clause} number={index + 1} />
        ))}
      </ol>
      {clauses.length === 0 && (
        <p className="clauses-empty">
          No clauses: the teacher is the base model itself, and nothing is learned.
        </p>
      )}
      <button
        type="button"
        className="button"
        disabled={clauses.length >= 200}
        onClick={constitutions.addClause}
      >
        Add clause
      </button>
    </>
  );
}
