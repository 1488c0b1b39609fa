import { useId, useState } from 'react';
import type { NumberField } from '../../settings/number-field.ts';
import { formatNumber } from '../../contract/format.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';
import { useRecipeValue } from './changed-settings.ts';
import { FieldFrame } from './field-frame.tsx';

const parse = (text: string): number => (text.trim() === '' ? NaN : Number(text.trim().replace(',', '.')));

interface NumberInputProps {
  readonly field: NumberField;
  readonly disabled?: boolean;
}

/** A number of the settings with its unit, range and reason. What is typed stays as typed until the field is left. */
export function NumberInput({ field, disabled = false }: NumberInputProps) {
  const { config } = useLab();
  const id = useId();
  const value = useConfig(state => field.get(state.draft));
  const problem = useConfig(state => state.problems.find(({ path }) => path === field.path)?.message);
  const recipeValue = useRecipeValue(field.path);
  const [typed, setTyped] = useState<string | null>(null);

  const put = (number: number): void => config.edit(draft => field.set(draft, number));
  const nudge = (direction: 1 | -1): void => {
    const next = Number((value + direction * field.increment).toPrecision(10));
    if (Number.isFinite(next)) put(Math.max(0, next));
    setTyped(null);
  };

  return (
    <FieldFrame
      id={id}
      label={field.label}
      unit={field.unit}
      why={field.why}
      range={field.range}
      live={field.live ?? false}
      problem={problem}
      recipeValue={recipeValue}
    >
      <input
        id={id}
        className="input field-number"
        type="text"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-note`}
        value={typed ?? (Number.isNaN(value) ? '' : formatNumber(value).replaceAll(',', ''))}
        onChange={event => {
          setTyped(event.target.value);
          put(parse(event.target.value));
        }}
        onBlur={() => {
          if (!problem) setTyped(null);
        }}
        onKeyDown={event => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          nudge(event.key === 'ArrowUp' ? 1 : -1);
        }}
      />
    </FieldFrame>
  );
}
