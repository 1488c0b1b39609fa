import type { z } from 'zod';
import type { Fault } from '../../contract/errors.ts';

interface Found<T> {
  /** Null if there is none, or none readable: the fault says why. */
  readonly value: T | null;
  readonly fault: Fault | null;
  /** Whether this browser lets the page store anything. */
  readonly allowed: boolean;
}

/** A value that survives a reload, as JSON with a version, checked when it is read. */
export interface StoredValue<T> {
  /** Unreadable text is set aside, so that the next write does not lose it. */
  read(): Found<T>;
  /** Null removes it. Returns whether the browser stored it: if storage is forbidden or full, the value lasts for this visit. */
  write(value: T | null): boolean;
}

interface Stored<T> {
  readonly key: string;
  /** Raised when older values can no longer be read. */
  readonly version: number;
  readonly schema: z.ZodType<T>;
  /** What it is, for refusals: “the settings of your last visit”. */
  readonly what: string;
  /** Of refusals; `E_STORED_VALUE` where it has none of its own. */
  readonly code?: Fault['code'];
  /** How the page continues without it. */
  readonly consequence: string;
  readonly nextStep: string;
}

/** `localStorage` itself can be forbidden: then accessing it throws, as writing does when it is full. */
function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

export function storedValue<T>(stored: Stored<T>): StoredValue<T> {
  const { key, version, schema, what, code = 'E_STORED_VALUE', consequence, nextStep } = stored;

  function refuse(text: string, message: string, place?: string): Omit<Found<T>, 'allowed'> {
    const aside = `${key}-unread`;
    const safe = attempt(() => localStorage.setItem(aside, text));
    const told = safe ? ` The old text stays in the browser’s storage as “${aside}”.` : '';
    return {
      value: null,
      fault: {
        code,
        message: `${what} could not be read: ${message}`,
        ...(place && { place }),
        consequence: consequence + told,
        nextStep,
      },
    };
  }

  function parse(text: string): Omit<Found<T>, 'allowed'> {
    let found: { readonly version?: unknown; readonly value?: unknown } | null;
    try {
      found = JSON.parse(text) as typeof found;
    } catch {
      return refuse(text, 'the text is not JSON');
    }
    if (found?.version !== version)
      return refuse(
        text,
        `the text is of version ${String(found?.version)}; this page reads version ${version}`,
      );
    const result = schema.safeParse(found.value);
    if (result.success) return { value: result.data, fault: null };
    const [issue] = result.error.issues;
    return refuse(text, issue?.message ?? 'unknown fields', issue?.path.join('.'));
  }

  return {
    read() {
      let text: string | null = null;
      const allowed = attempt(() => {
        text = localStorage.getItem(key);
      });
      return { ...(text === null ? { value: null, fault: null } : parse(text)), allowed };
    },
    write: value =>
      attempt(() => {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify({ version, value }));
      }),
  };
}
