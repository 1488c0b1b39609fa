import { useId } from 'react';
import { LORA_TARGETS, type LoraConfig } from '../../settings/run-config.ts';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { LORA_LEARNING_RATE, loraOfRank } from '../../settings/recipes.ts';
import { LORA_FIELDS } from '../../settings/method-fields.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';
import { FieldFrame } from './field-frame.tsx';
import { Numbers } from './group.tsx';

const FIRST_LORA = loraOfRank(8);
/** Learning rates that suit each way; switched along only where the other's is still set. */
const RATES = { all: DEFAULT_CONFIG.optimizer.learningRate, lora: LORA_LEARNING_RATE } as const;

/** Whether all weights are trained or an adapter, and the adapter's shape. */
export function WeightsChoice({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const id = useId();
  const lora = useConfig(state => state.draft.lora);
  const problem = useConfig(state => state.problems.find(({ path }) => path === 'lora.targets')?.message);
  const choose = (adapter: boolean): void =>
    config.edit(draft => {
      const [from, to] = adapter ? [RATES.all, RATES.lora] : [RATES.lora, RATES.all];
      const { optimizer } = draft;
      const learningRate = optimizer.learningRate === from ? to : optimizer.learningRate;
      return { ...draft, lora: adapter ? FIRST_LORA : null, optimizer: { ...optimizer, learningRate } };
    });
  const toggle = (target: LoraConfig['targets'][number], on: boolean): void =>
    config.edit(draft => {
      const chosen = draft.lora ?? FIRST_LORA;
      const targets = LORA_TARGETS.filter(name => (name === target ? on : chosen.targets.includes(name)));
      return { ...draft, lora: { ...chosen, targets } };
    });

  return (
    <>
      <FieldFrame
        id={id}
        label="Trained weights"
        why="LoRA trains small matrices beside the frozen base: less memory, and an adapter to take home."
      >
        <select
          id={id}
          className="select field-select"
          disabled={disabled}
          aria-describedby={`${id}-note`}
          value={lora ? 'lora' : 'all'}
          onChange={event => choose(event.target.value === 'lora')}
        >
          <option value="all">all</option>
          <option value="lora">LoRA adapter</option>
        </select>
      </FieldFrame>
      {lora && (
        <>
          <Numbers fields={LORA_FIELDS} disabled={disabled} />
          <fieldset className="targets" disabled={disabled}>
            <legend>Matrices with an adapter</legend>
            {LORA_TARGETS.map(target => (
              <label key={target} className="target">
                <input
                  type="checkbox"
                  checked={lora.targets.includes(target)}
                  onChange={event => toggle(target, event.target.checked)}
                />
                <code>{target}</code>
              </label>
            ))}
            {problem && <p className="field-note field-problem">Matrices: {problem}.</p>}
          </fieldset>
        </>
      )}
    </>
  );
}
