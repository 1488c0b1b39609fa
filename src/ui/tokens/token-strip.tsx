import { memo, useRef, type CSSProperties, type KeyboardEvent } from 'react';
import { fixed, formatNumber } from '../../contract/format.ts';
import { colourStrength, pieceText, type InspectedToken } from '../../state/tokens/inspect-answer.ts';

interface TokenStripProps {
  readonly tokens: readonly InspectedToken[];
  readonly scale: number;
  readonly selected: number;
  readonly highest: number;
  onSelect(index: number): void;
}

/** Weakest colour drawn: below it the two practically agree on a token. */
const FAINT = 0.04;
/** Full colour behind the text, in per cent: more would cost contrast. */
const MOST_COLOUR = 45;
/** Pixels. */
const THICKEST = 5;

/** The answer as coloured tokens. One tab stop; arrows, Home and End move along it, H to the token of highest KL. */
export const TokenStrip = memo(function TokenStrip({
  tokens,
  scale,
  selected,
  highest,
  onSelect,
}: TokenStripProps) {
  const strip = useRef<HTMLDivElement | null>(null);
  const choose = (index: number): void => {
    onSelect(index);
    const option = strip.current?.children[index];
    if (option instanceof HTMLElement) option.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: selected + 1,
      ArrowDown: selected + 1,
      ArrowLeft: selected - 1,
      ArrowUp: selected - 1,
      Home: 0,
      End: tokens.length - 1,
      h: highest,
      H: highest,
      ' ': selected,
      Enter: selected,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    choose(Math.max(0, Math.min(tokens.length - 1, target)));
  };
  return (
    <div
      ref={strip}
      className="tokens-strip"
      role="listbox"
      tabIndex={-1}
      aria-label="Tokens of the answer"
      aria-orientation="horizontal"
    >
      {tokens.map(token => {
        const strength = colourStrength(token.divergence, scale);
        const side = strength < FAINT ? 'agreed' : token.signed < 0 ? 'teacher' : 'student';
        return (
          <span
            key={token.index}
            role="option"
            className={`token token-${side}`}
            aria-selected={token.index === selected}
            tabIndex={token.index === selected ? 0 : -1}
            aria-label={`${pieceText(token.piece)}, ${told(token, side)}`}
            style={styleOf(strength)}
            onClick={() => choose(token.index)}
            onKeyDown={onKeyDown}
          >
            {pieceText(token.piece)}
          </span>
        );
      })}
    </div>
  );
});

const styleOf = (strength: number): CSSProperties & Record<'--strength', string> => ({
  '--strength': `${Math.round(MOST_COLOUR * strength)}%`,
  textDecorationThickness: `${Math.max(1, Math.round(THICKEST * strength))}px`,
});

function told({ divergence, runningSum }: InspectedToken, side: 'agreed' | 'teacher' | 'student'): string {
  const who = side === 'agreed' ? 'agreed' : side === 'teacher' ? 'teacher more' : 'student more';
  return `${who}, ${formatNumber(divergence)} nats, ${fixed(runningSum, 2)} so far`;
}
