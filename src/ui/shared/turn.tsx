import { Icon } from './icon.tsx';

interface TurnProps {
  /** What is gone through. */
  readonly what: string;
  /** Its place among `count`, from 0. */
  readonly place: number;
  readonly count: number;
  /** To this place; past either end it is the other end's. */
  onTurn(place: number): void;
}

/** The way through things of which one is shown. */
export function Turn({ what, place, count, onTurn }: TurnProps) {
  return (
    <>
      <button
        type="button"
        className="button button-icon"
        aria-label={`Previous ${what}`}
        onClick={() => onTurn((place + count - 1) % count)}
      >
        <Icon name="previous" />
      </button>
      <span>
        {place + 1} of {count}
      </span>
      <button
        type="button"
        className="button button-icon"
        aria-label={`Next ${what}`}
        onClick={() => onTurn((place + 1) % count)}
      >
        <Icon name="next" />
      </button>
    </>
  );
}
