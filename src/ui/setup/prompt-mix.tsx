import { QUERY_KINDS, type QueryKind } from '../../contract/world.ts';
import { percent } from '../../contract/format.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';

const EXAMPLES: Record<QueryKind, string> = {
  benign: 'harmless, and sounds so',
  borderline: 'harmless, but sounds dangerous',
  harmful: 'deserves a refusal',
  general: 'sums, colours, days: guards ability',
};

/** Shares of the query kinds in a step. */
export function PromptMix({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const mix = useConfig(state => state.draft.mix);
  const problem = useConfig(state => state.problems.find(({ path }) => path.startsWith('mix'))?.message);
  const sum = QUERY_KINDS.reduce((total, kind) => total + mix[kind], 0);
  return (
    <fieldset className="mix" disabled={disabled}>
      <legend className="visually-hidden">Prompts: shares of the query kinds</legend>
      {QUERY_KINDS.map(kind => (
        <label key={kind} className="mix-row">
          <span className="mix-name">{kind}</span>
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={mix[kind]}
            aria-valuetext={percent(mix[kind])}
            onChange={event =>
              config.edit(draft => ({ ...draft, mix: { ...draft.mix, [kind]: Number(event.target.value) } }))
            }
          />
          <span className="mix-share">{percent(sum > 0 ? mix[kind] / sum : 0)}</span>
          <span className="mix-example">{EXAMPLES[kind]}</span>
        </label>
      ))}
      {problem && <p className="field-note field-problem">Prompts: {problem}.</p>}
    </fieldset>
  );
}
