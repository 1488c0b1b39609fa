interface NumberListProps {
  /** Whose numbers they are, for screen readers. */
  readonly label: string;
  readonly rows: readonly (readonly [name: string, value: string, what?: string])[];
}

/** Numbers by their names, each with a word on what it is. */
export function NumberList({ label, rows }: NumberListProps) {
  return (
    <div role="group" aria-label={label}>
      <dl className="geometry-numbers">
        {rows.map(([name, value, what]) => (
          <div key={name}>
            <dt>
              {name} {what && <small>{what}</small>}
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
