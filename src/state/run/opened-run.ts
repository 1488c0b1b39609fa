import type { RunRecord } from '../../record/run-record.ts';
import { RunData } from '../../record/run-data.ts';
import type { RunEntry, RunOrigin, RunStore } from './run-store.ts';

/** A run from a file as the page lists it: ended, and in no worker. */
export function entryOfRecord(id: string, label: string, origin: RunOrigin, record: RunRecord): RunEntry {
  const last = record.steps.at(-1)?.step ?? 0;
  const { config } = record.receipt;
  const ended = origin === 'opened' && last < config.steps ? 'stopped' : 'finished';
  return {
    id,
    label,
    origin,
    config,
    step: last,
    activity: '',
    requested: null,
    status: record.fault ? 'failed' : ended,
    fault: record.fault ?? null,
  };
}

/** Draws a recorded result among the page's runs; the settings of the next run stay. */
export function showRecorded(
  runs: RunStore,
  { file, label }: { readonly file: string; readonly label: string },
  record: RunRecord,
): void {
  const id = `recorded ${file}`;
  runs.add(entryOfRecord(id, label, 'recorded', record), RunData.fromRecord(record));
  runs.store.setState({ shownId: id });
}

const LONGEST_LABEL = 32;

/** A run's name from its file's name, without what every export adds. */
export function labelOfFile(name: string): string {
  const stem = name
    .replaceAll(/\p{C}/gu, '')
    .replace(/\.[a-z]+$/i, '')
    .replace(/^copsd-(?=.)/, '')
    .replace(/-(?:bundle|record)(?= ?\(\d+\)$|$)/, '')
    .trim();
  return (stem || 'run').slice(0, LONGEST_LABEL);
}
