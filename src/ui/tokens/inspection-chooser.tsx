import type { InspectionChoice, InspectionView, Whose } from '../../state/inspect-answer.ts';
import { Icon } from '../shared/icon.tsx';

interface InspectionChooserProps {
  readonly choice: InspectionChoice;
  readonly view: InspectionView;
  onChange(changed: Partial<InspectionChoice>): void;
}

const WHOSE: readonly (readonly [Whose, string])[] = [
  ['initial', 'Answer before training, held fixed'],
  ['current', 'Student’s answer at each step'],
];

/** Which prompt, and whose answer to it. */
export function InspectionChooser({ choice, view, onChange }: InspectionChooserProps) {
  const { kinds, kind, prompts } = view;
  const prompt = Math.min(choice.prompt, prompts - 1);
  return (
    <div className="tokens-choice">
      <div className="tokens-kinds" role="group" aria-label="Kind of prompt to look into">
        {kinds.map(name => (
          <button
            key={name}
            type="button"
            className="button button-quiet"
            aria-pressed={name === kind}
            onClick={() => onChange({ kind: name, prompt: 0 })}
          >
            {name}
          </button>
        ))}
      </div>
      {prompts > 1 && (
        <div className="tokens-prompts">
          <button
            type="button"
            className="button button-icon"
            aria-label="Previous prompt to look into"
            onClick={() => onChange({ prompt: (prompt + prompts - 1) % prompts })}
          >
            <Icon name="previous" />
          </button>
          <span>
            {prompt + 1} of {prompts}
          </span>
          <button
            type="button"
            className="button button-icon"
            aria-label="Next prompt to look into"
            onClick={() => onChange({ prompt: (prompt + 1) % prompts })}
          >
            <Icon name="next" />
          </button>
        </div>
      )}
      <div className="tokens-whose" role="group" aria-label="Whose answer">
        {WHOSE.map(([whose, label]) => (
          <button
            key={whose}
            type="button"
            className="button button-quiet"
            aria-pressed={whose === choice.whose}
            onClick={() => onChange({ whose })}
          >
            {label}
          </button>
        ))}
      </div>
    </div>
  );
}
