import { fixed, formatNumber } from '../../state/format.ts';
import { pieceText, type NamedNumber } from '../../state/inspect-answer.ts';

interface TokenBarsProps {
  readonly entries: readonly NamedNumber[];
  /** The answer's own token, which is marked. */
  readonly own: string;
  /** What a full bar stands for. */
  readonly most: number;
  /** Whether the numbers are probabilities. */
  readonly share?: boolean;
}

/** Tokens with a number each, and a bar as long. */
export function TokenBars({ entries, own, most, share = false }: TokenBarsProps) {
  return (
    <ol className="bars">
      {entries.map(({ piece, value }) => (
        <li key={piece} className={piece === own ? 'bar bar-own' : 'bar'}>
          <span className="bar-piece">
            {pieceText(piece)}
            {piece === own && <span className="visually-hidden">, the answer’s own token</span>}
          </span>
          <span className="bar-track" aria-hidden="true">
            <span
              className="bar-fill"
              style={{ width: `${(100 * Math.min(1, Math.abs(value) / (most || 1))).toFixed(1)}%` }}
            />
          </span>
          <span className="bar-value">{share && value >= 0.001 ? fixed(value, 3) : formatNumber(value)}</span>
        </li>
      ))}
    </ol>
  );
}
