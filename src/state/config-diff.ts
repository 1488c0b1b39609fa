import type { RunConfig } from '../contract/run-config.ts';
import type { Constitution } from '../contract/world.ts';
import { formatNumber } from './format.ts';
import { methodLabel } from './methods.ts';
import { NUMBER_FIELDS } from './number-fields.ts';

/** One setting that differs, in words. */
export interface ConfigDifference {
  readonly path: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Takes effect in a run that goes on. */
  readonly live: boolean;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const mixText = ({ mix }: RunConfig): string =>
  `${percent(mix.benign)} benign, ${percent(mix.borderline)} borderline, ${percent(mix.harmful)} harmful, ${percent(mix.general)} general`;

const weightsText = ({ lora }: RunConfig): string =>
  lora ? `LoRA rank ${lora.rank}, α ${lora.alpha}, ${lora.targets.join(' ')}` : 'all weights';

function constitutionText({ title, clauses }: Constitution): string {
  const on = clauses.filter(clause => clause.enabled).length;
  return `“${title}”, ${on} of ${clauses.length} ${clauses.length === 1 ? 'clause' : 'clauses'} on`;
}

/** What changed between two constitutions of the same title, clause by clause; null where nothing did. */
function clauseChanges(before: Constitution, after: Constitution): string | null {
  const old = new Map(before.clauses.map(clause => [clause.id, clause]));
  const changes = after.clauses.flatMap((clause, index) => {
    const name = `clause ${index + 1}`;
    const was = old.get(clause.id);
    old.delete(clause.id);
    if (!was) return [`${name} added`];
    return [
      ...(was.text !== clause.text ? [`${name} reworded`] : []),
      ...(was.category !== clause.category || was.style !== clause.style ? [`${name} routed anew`] : []),
      ...(was.enabled !== clause.enabled ? [`${name} switched ${clause.enabled ? 'on' : 'off'}`] : []),
    ];
  });
  const removed = old.size > 0 ? [`${old.size} removed`] : [];
  const order = after.clauses.map(({ id }) => id).join() !== before.clauses.map(({ id }) => id).join();
  const all = [...changes, ...removed];
  if (all.length > 0) return all.join(', ');
  return order ? 'clauses reordered' : null;
}

function constitutionDifference(before: Constitution, after: Constitution): ConfigDifference[] {
  const base = { path: 'constitution', label: 'Constitution', live: false };
  const changes = clauseChanges(before, after);
  if (before.title !== after.title)
    return [{ ...base, before: constitutionText(before), after: constitutionText(after) }];
  return changes ? [{ ...base, before: constitutionText(before), after: changes }] : [];
}

/** Every setting in which `after` differs from `before`, in the order of the setup panel. */
export function diffConfigs(before: RunConfig, after: RunConfig): readonly ConfigDifference[] {
  const compared: readonly (readonly [path: string, label: string, text: (config: RunConfig) => string])[] = [
    ['model', 'Model', config => config.model],
    ['objective', 'Method', config => methodLabel(config.objective)],
    ['mix', 'Prompts', mixText],
    ['lora', 'Trained weights', weightsText],
    ['optimizer.schedule', 'Schedule', config => config.optimizer.schedule],
  ];
  const worded = compared.flatMap(([path, label, text]) =>
    text(before) === text(after)
      ? []
      : [{ path, label, before: text(before), after: text(after), live: false }],
  );
  const numbers = NUMBER_FIELDS.flatMap(({ path, label, get, live }) =>
    get(before) === get(after)
      ? []
      : [
          {
            path,
            label,
            before: formatNumber(get(before)),
            after: formatNumber(get(after)),
            live: live ?? false,
          },
        ],
  );
  return [...worded, ...constitutionDifference(before.constitution, after.constitution), ...numbers];
}
