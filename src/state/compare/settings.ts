import type { RunGroup } from './groups.ts';
import { diffConfigs } from '../../settings/differences.ts';
import type { Table } from '../../record/tables.ts';

/** Settings in which the groups differ, a line each: the first group's value, and the others'. Seeds are listed, not compared. */
export function settingsTable(groups: readonly RunGroup[]): Table {
  const [first, ...others] = groups;
  if (!first) return { columns: ['Setting'], rows: [] };
  const seeds = [
    'Seeds',
    ...groups.map(({ runs }) => runs.map(({ record }) => record.receipt.config.seed).join(', ')),
  ];
  const differences = others.map(({ config }) =>
    diffConfigs({ ...first.config, seed: 0 }, { ...config, seed: 0 }),
  );
  const settings = new Map(differences.flat().map(difference => [difference.path, difference]));
  const rows = [...settings.values()].map(({ path, label, before }) => [
    label,
    before,
    ...differences.map(found => found.find(difference => difference.path === path)?.after ?? before),
  ]);
  return { columns: ['Setting', ...groups.map(({ label }) => label)], rows: [seeds, ...rows] };
}
