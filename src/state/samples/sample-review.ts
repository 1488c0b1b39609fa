import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Fault } from '../../contract/errors.ts';
import { LABELS, QUERY_KINDS, type Label } from '../../contract/world.ts';
import type { Table } from '../../record/tables.ts';
import { storedValue } from '../page/stored-value.ts';

const flagSchema = z
  .object({
    runId: z.string(),
    /** Step of the student when the answer was flagged. */
    step: z.number(),
    kind: z.enum(QUERY_KINDS),
    prompt: z.string(),
    who: z.enum(['base', 'student', 'teacher']),
    text: z.string(),
    label: z.enum(LABELS),
    reason: z.string(),
    /** The user's verdict; null if not given. */
    should: z.enum(LABELS).nullable(),
  })
  .readonly();

/** An answer that the user flagged as judged wrongly. */
export type Flag = z.infer<typeof flagSchema>;
/** What names a flag: the same answer of the same run is flagged once, whatever the step. */
export type FlagKey = Pick<Flag, 'runId' | 'prompt' | 'who' | 'text'>;

const stateSchema = z
  .object({ pins: z.array(z.string()).readonly(), flags: z.array(flagSchema).readonly() })
  .readonly();
export type ReviewState = z.infer<typeof stateSchema>;

const stored = storedValue<ReviewState>({
  key: 'copsd-review',
  version: 1,
  schema: stateSchema,
  what: 'your pins and flags of samples',
  consequence: 'No sample is pinned or flagged; the samples themselves are unchanged.',
  nextStep: 'Pin and flag them again, or restore the text by hand.',
});

/** The oldest go first: what is kept stays small. */
const MOST_PINS = 50;
const MOST_FLAGS = 500;

/** The user's notes on samples: pinned prompts, and wrong judgements. Kept in this browser. */
export interface ReviewActions {
  readonly store: StoreApi<ReviewState>;
  /** Why those kept here could not be read. */
  readonly unread: Fault | null;
  togglePin(prompt: string): void;
  /** Flags or unflags an answer. */
  toggleFlag(flag: Flag): void;
  /** Sets the right verdict of a flagged answer. */
  correct(key: FlagKey, should: Label | null): void;
}

export const sameFlag = (a: FlagKey, b: FlagKey): boolean =>
  a.runId === b.runId && a.prompt === b.prompt && a.who === b.who && a.text === b.text;

export function createReviewActions(): ReviewActions {
  const { value, fault: unread } = stored.read();
  const store = createStore<ReviewState>(() => value ?? { pins: [], flags: [] });
  function change(part: Partial<ReviewState>): void {
    store.setState(part);
    stored.write(store.getState());
  }
  return {
    store,
    unread,
    togglePin(prompt) {
      const { pins } = store.getState();
      const rest = pins.filter(pin => pin !== prompt);
      change({ pins: rest.length < pins.length ? rest : [...pins, prompt].slice(-MOST_PINS) });
    },
    toggleFlag(flag) {
      const { flags } = store.getState();
      const rest = flags.filter(other => !sameFlag(other, flag));
      change({ flags: rest.length < flags.length ? rest : [...flags, flag].slice(-MOST_FLAGS) });
    },
    correct(key, should) {
      const { flags } = store.getState();
      change({ flags: flags.map(flag => (sameFlag(flag, key) ? { ...flag, should } : flag)) });
    },
  };
}

/** The flags of a run, an answer a line. */
export function flagsTable(flags: readonly Flag[]): Table {
  return {
    columns: ['step', 'kind', 'prompt', 'who', 'answer', 'judged', 'reason', 'should be'],
    rows: flags.map(({ step, kind, prompt, who, text, label, reason, should }) => [
      ...[step, kind, prompt, who, text],
      ...[label, reason, should],
    ]),
  };
}
