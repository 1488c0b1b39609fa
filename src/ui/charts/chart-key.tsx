/** What the marks mean: the same in every chart. */
export function ChartKey() {
  return (
    <ul className="key" aria-label="Key to the charts">
      <li>
        <svg viewBox="0 0 26 12" aria-hidden="true">
          <path className="layer-raw" d="M3 8h0M9 4h0M15 9h0M21 5h0" />
        </svg>
        rollouts of a step
      </li>
      <li>
        <svg viewBox="0 0 26 12" aria-hidden="true">
          <path className="layer-smoothed" d="M1 9C9 9 12 4 25 4" />
        </svg>
        smoothed
      </li>
      <li>
        <svg viewBox="0 0 26 12" aria-hidden="true">
          <path className="layer-band" d="M1 1H25V11H1Z" />
          <path className="layer-evaluation" d="M13 2l4 4-4 4-4-4Z" />
        </svg>
        held-out evaluation, 95 % band
      </li>
      <li>
        <svg viewBox="0 0 26 12" aria-hidden="true">
          <path className="layer-base" d="M1 6H25" />
        </svg>
        base model
      </li>
      <li>
        <svg viewBox="0 0 26 12" aria-hidden="true">
          <path className="layer-teacher" d="M1 6H25" />
        </svg>
        teacher, reading the constitution
      </li>
    </ul>
  );
}
