import { useId } from 'react';
import { LABELS, QUERY_KINDS } from '../../contract/world.ts';
import type { CrossedFilter } from '../../state/crossed/crossed-view.ts';
import { ANSWER_LABELS } from '../shared/answer-labels.ts';

interface SelectProps<T extends string> {
  readonly label: string;
  readonly all: string;
  readonly options: readonly (readonly [value: T, label: string])[];
  readonly value: T | null;
  onChoose(value: T | null): void;
}

function Select<T extends string>({ label, all, options, value, onChoose }: SelectProps<T>) {
  const id = useId();
  return (
    <div className="crossed-select">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="select"
        value={value ?? ''}
        onChange={event => onChoose(options.find(([name]) => name === event.target.value)?.[0] ?? null)}
      >
        <option value="">{all}</option>
        {options.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

interface SetFilterProps {
  readonly filter: CrossedFilter;
  onFilter(filter: CrossedFilter): void;
}

/** Which rows are looked at. */
export function SetFilter({ filter, onFilter }: SetFilterProps) {
  const id = useId();
  return (
    <search className="crossed-filter">
      <Select
        label="Kind"
        all="all kinds"
        options={QUERY_KINDS.map(kind => [kind, kind] as const)}
        value={filter.kind}
        onChoose={kind => onFilter({ ...filter, kind })}
      />
      <Select
        label="Writer"
        all="both"
        options={[
          ['self', 'own answer'],
          ['frontier', 'frontier'],
        ]}
        value={filter.source}
        onChoose={source => onFilter({ ...filter, source })}
      />
      <Select
        label="Judged"
        all="anything"
        options={LABELS.map(label => [label, ANSWER_LABELS[label]] as const)}
        value={filter.label}
        onChoose={label => onFilter({ ...filter, label })}
      />
      <Select
        label="Rows"
        all="all"
        options={[
          ['kept', 'in the set'],
          ['dropped', 'left out'],
        ]}
        value={filter.fate}
        onChoose={fate => onFilter({ ...filter, fate })}
      />
      <div className="crossed-select crossed-search">
        <label htmlFor={id}>Words</label>
        <input
          id={id}
          className="input"
          type="search"
          autoComplete="off"
          spellCheck={false}
          value={filter.text}
          onChange={event => onFilter({ ...filter, text: event.target.value })}
        />
      </div>
    </search>
  );
}
