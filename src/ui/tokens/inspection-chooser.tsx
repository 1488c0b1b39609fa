import type { InspectionChoice, InspectionView, Whose } from '../../state/tokens/inspect-answer.ts';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import { Turn } from '../shared/turn.tsx';

interface InspectionChooserProps {
  readonly choice: InspectionChoice;
  readonly view: InspectionView;
  onChange(changed: Partial<InspectionChoice>): void;
}

const WHOSE: readonly (readonly [Whose, string])[] = [
  ['initial', 'Answer before training, held fixed'],
  ['current', 'Student’s answer at each step'],
];

/** The choice of prompt and answer. */
export function InspectionChooser({ choice, view, onChange }: InspectionChooserProps) {
  const { kinds, kind, prompts } = view;
  const prompt = Math.min(choice.prompt, prompts - 1);
  return (
    <div className="tokens-choice">
      <ToggleGroup
        className="tokens-kinds"
        label="Kind of prompt to inspect"
        options={kinds.map(name => [name, name] as const)}
        value={kind}
        onChoose={name => onChange({ kind: name, prompt: 0 })}
      />
      {prompts > 1 && (
        <div className="tokens-prompts">
          <Turn
            what="prompt to inspect"
            place={prompt}
            count={prompts}
            onTurn={turned => onChange({ prompt: turned })}
          />
        </div>
      )}
      <ToggleGroup
        className="tokens-whose"
        label="Whose answer"
        options={WHOSE}
        value={choice.whose}
        onChoose={whose => onChange({ whose })}
      />
    </div>
  );
}
