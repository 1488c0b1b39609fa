import type { LabEvent } from '../protocol/lab-api.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { OpenModel } from '../assets/open-model.ts';
import type { RunStorage } from '../protocol/kept-runs.ts';
import { RunHost } from '../service/run-host.ts';
import { RunSaver } from '../service/run-saver.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import { session, type SessionEvent } from '../run/session.ts';

/** All events of a session. */
export async function runWhole(
  lab: OpenModel,
  config: RunConfig,
  from?: Checkpoint,
): Promise<SessionEvent[]> {
  const found: SessionEvent[] = [];
  for await (const event of session(lab, config, { changes: [], dropped: new Set() }, from))
    found.push(event);
  return found;
}

export function eventsOf<T extends SessionEvent['type']>(
  events: readonly SessionEvent[],
  type: T,
): Extract<SessionEvent, { type: T }>[] {
  return events.filter((event): event is Extract<SessionEvent, { type: T }> => event.type === type);
}

/** What two runs of the same settings must agree on: everything except times. */
export const comparable = (events: readonly SessionEvent[]): unknown[] =>
  events.flatMap((event): unknown[] => {
    if (event.type === 'step') return [{ ...event.record, seconds: 0, rolloutSeconds: 0 }];
    return event.type === 'evaluation' || event.type === 'geometry' ? [event.record] : [];
  });

/** A run host with its events and a wait for an event; a failure that no test waits for throws. */
export function hostOn(
  lab: OpenModel | (() => Promise<OpenModel>),
  shelf: RunStorage | null = null,
  onEvent: (event: LabEvent) => void = () => undefined,
) {
  const events: LabEvent[] = [];
  const emit = (event: LabEvent): void => {
    events.push(event);
    onEvent(event);
  };
  const saver = shelf && new RunSaver(shelf, emit);
  const open = typeof lab === 'function' ? lab : () => Promise.resolve(lab);
  const host = new RunHost(open, emit, saver);
  const status = (name: string) => (event: LabEvent) => event.type === 'status' && event.status === name;
  const failed = (): boolean => {
    const last = events.findLast(({ type }) => type === 'status');
    return last !== undefined && status('failed')(last);
  };
  const until = async (found: (event: LabEvent) => boolean): Promise<void> => {
    while (!events.some(found)) {
      if (failed()) throw new Error(JSON.stringify(events.filter(({ type }) => type === 'fault')));
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  };
  const steps = (): number => events.filter(({ type }) => type === 'step').length;
  return { host, events, until, status, steps, saver };
}
