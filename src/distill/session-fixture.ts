import type { LabEvent } from '../contract/lab-api.ts';
import type { RunConfig } from '../contract/run-config.ts';
import type { Lab } from './lab.ts';
import type { RunShelf } from '../contract/kept-runs.ts';
import { RunHost } from './run-host.ts';
import { RunKeeper } from './run-keeper.ts';
import type { Checkpoint } from './checkpoint.ts';
import { session, type LiveControls, type SessionEvent } from './session.ts';

export const liveControls = (learningRate = 5e-4): LiveControls => ({
  learningRate,
  temperature: 1,
  changes: [],
  dropped: new Set(),
});

/** Every event of a whole session. */
export async function collect(events: AsyncIterable<SessionEvent>): Promise<SessionEvent[]> {
  const found: SessionEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

/** A whole session at the settings' learning rate. */
export const runWhole = (lab: Lab, config: RunConfig, from?: Checkpoint): Promise<SessionEvent[]> =>
  collect(session(lab, config, liveControls(config.optimizer.learningRate), from));

export function eventsOf<T extends SessionEvent['type']>(
  events: readonly SessionEvent[],
  type: T,
): Extract<SessionEvent, { type: T }>[] {
  return events.filter((event): event is Extract<SessionEvent, { type: T }> => event.type === type);
}

/** What two runs of the same settings must agree on: all but times. */
export const comparable = (events: readonly SessionEvent[]): unknown[] =>
  events.flatMap((event): unknown[] => {
    if (event.type === 'step') return [{ ...event.record, seconds: 0, rolloutSeconds: 0 }];
    return event.type === 'evaluation' || event.type === 'geometry' ? [event.record] : [];
  });

/** A host on a lab, with what it tells, and a wait for an event: an end in failure that nobody waits for throws. */
export function hostOn(
  lab: Lab | (() => Promise<Lab>),
  shelf: RunShelf | null = null,
  onEvent: (event: LabEvent) => void = () => undefined,
) {
  const events: LabEvent[] = [];
  const emit = (event: LabEvent): void => {
    events.push(event);
    onEvent(event);
  };
  const keeper = shelf && new RunKeeper(shelf, emit);
  const open = typeof lab === 'function' ? lab : () => Promise.resolve(lab);
  const host = new RunHost(open, emit, keeper);
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
  return { host, events, until, status, steps, keeper };
}
