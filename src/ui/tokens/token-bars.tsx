import { fixed } from '../../contract/format.ts';
import { pieceText, type NamedNumber } from '../../state/tokens/inspect-answer.ts';

interface TokenBarsProps {
  readonly entries: readonly NamedNumber[];
  /** The answer's own token, marked. */
  readonly own: string;
  /** The value of a full bar. */
  readonly most: number;
  /** Whether the numbers are probabilities. */
  readonly share?: boolean;
}

/** Tokens, each with a number and a bar. */
export function TokenBars({ entries, own, most, share = false }: TokenBarsProps) {
  return (
    <ol className="tokens-pieces">
      {entries.map(({ piece, value }) => (
        <li key={piece} className={piece === own ? 'tokens-piece-row tokens-piece-own' : 'tokens-piece-row'}>
          <span className="tokens-piece-text">
            {pieceText(piece)}
            {piece === own && <span className="visually-hidden">, the answer’s own token</span>}
          </span>
          <span className="tokens-piece-track" aria-hidden="true">
            <span
              className="tokens-piece-fill"
              style={{ width: `${(100 * Math.min(1, Math.abs(value) / (most || 1))).toFixed(1)}%` }}
            />
          </span>
          <span className="tokens-piece-value">{share ? probability(value) : fixed(value, 4)}</span>
        </li>
      ))}
    </ol>
  );
}

/** Three digits; smaller numbers by their order of magnitude. */
const probability = (value: number): string => (value >= 0.001 ? fixed(value, 3) : value.toExponential(1));
