import { memo } from 'react';
import { LEAST_PULL } from '../../record/inspection.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import { fixed, formatNumber } from '../../contract/format.ts';
import { pieceText, type InspectedToken, type NamedNumber } from '../../state/tokens/inspect-answer.ts';
import { TokenBars } from './token-bars.tsx';

interface TokenDetailsProps {
  readonly token: InspectedToken;
  /** Tokens of the answer. */
  readonly of: number;
  readonly config: RunConfig;
}

/** What each model would have said instead of the chosen token, and which tokens the loss raises and lowers there. */
export const TokenDetails = memo(function TokenDetails({ token, of, config }: TokenDetailsProps) {
  const { index, piece, divergence, student, teacher, base, studentEntropy, teacherEntropy } = token;
  const ratio = student - teacher;
  const models = [
    { who: 'base', title: 'Base', top: token.topBase, own: base, entropy: null },
    { who: 'teacher', title: 'Teacher', top: token.topTeacher, own: teacher, entropy: teacherEntropy },
    { who: 'student', title: 'Student', top: token.topStudent, own: student, entropy: studentEntropy },
  ] as const;
  return (
    <section className="tokens-card" aria-labelledby="tokens-chosen">
      <h3 id="tokens-chosen">
        Token {index + 1} of {of}: <q>{pieceText(piece)}</q>
      </h3>
      <p className="tokens-note">
        Divergence {formatNumber(divergence)} nats; log π<sub>S</sub> − log π<sub>T</sub> = {fixed(ratio, 3)}:
        the {ratio < 0 ? 'teacher' : 'student'} says it {factor(Math.abs(ratio))} as readily.
      </p>
      <div className="tokens-nexts">
        {models.map(({ who, title, top, own, entropy }) => (
          <div key={who} className={`tokens-next tokens-next-${who}`}>
            <h4>
              {title}
              {entropy !== null && <small>entropy {fixed(entropy, 2)} nats</small>}
            </h4>
            <TokenBars entries={withOwn(top, piece, Math.exp(own))} own={piece} most={1} share />
          </div>
        ))}
      </div>
      <Pull token={token} config={config} />
    </section>
  );
});

/** The list, with the answer's own token appended if it is not in it. */
const withOwn = (top: readonly NamedNumber[], piece: string, probability: number): readonly NamedNumber[] =>
  top.some(entry => entry.piece === piece) ? top : [...top, { piece, value: probability }];

function factor(logRatio: number): string {
  const times = Math.exp(logRatio);
  return times >= 1e4 ? 'over ten thousand times' : `${times < 10 ? fixed(times, 2) : fixed(times, 0)} times`;
}

function Pull({ token, config }: Pick<TokenDetailsProps, 'token' | 'config'>) {
  const { raised, lowered, piece } = token;
  const most = Math.max(...[...raised, ...lowered].map(({ value }) => Math.abs(value)));
  return (
    <div className="tokens-pull">
      <h4>
        Gradient on the logits, ∂loss/∂z
        <small>of this token’s own loss; a step goes against it</small>
      </h4>
      {raised.length + lowered.length === 0 ? (
        <p className="tokens-note">{noPull(token, config)}</p>
      ) : (
        <div className="tokens-nexts">
          <div className="tokens-next tokens-next-raised">
            <h5>Raised</h5>
            {raised.length > 0 ? (
              <TokenBars entries={raised} own={piece} most={most} />
            ) : (
              <p className="tokens-note">nothing</p>
            )}
          </div>
          <div className="tokens-next tokens-next-lowered">
            <h5>Lowered</h5>
            {lowered.length > 0 ? (
              <TokenBars entries={lowered} own={piece} most={most} />
            ) : (
              <p className="tokens-note">nothing</p>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

function noPull({ index, divergence }: InspectedToken, { shaping }: RunConfig): string {
  if (index < shaping.skipFirst)
    return `None: the loss leaves out the first ${shaping.skipFirst} tokens of an answer.`;
  if (shaping.tokenClip > 0 && divergence >= shaping.tokenClip)
    return `None: the loss of this token is clipped at ${shaping.tokenClip} nats.`;
  return `None above ${LEAST_PULL.gradient}: the two agree here.`;
}
