import type { z } from 'zod';
import type { Fault } from '../contract/errors.ts';

/** A value that survives the page, as JSON with a version and checked when it is read. */
export interface StoredValue<T> {
  /** Null where there is none, or none that can be read: why is in the fault. */
  read(): { readonly value: T | null; readonly fault: Fault | null };
  /** Null forgets it. Where the browser keeps nothing the page goes on without. */
  write(value: T | null): void;
}

interface Stored<T> {
  readonly key: string;
  /** Raised when an old value can no longer be read. */
  readonly version: number;
  readonly schema: z.ZodType<T>;
  /** What it is, for refusals: “the settings of your last visit”. */
  readonly what: string;
}

/** `localStorage` itself can be forbidden: then getting hold of it throws. */
export function storedValue<T>({ key, version, schema, what }: Stored<T>): StoredValue<T> {
  const refuse = (message: string, place?: string): Fault => ({
    ...{ code: 'E_STORED_VALUE', message: `${what} could not be read: ${message}` },
    ...(place && { place }),
    consequence: 'The page has its usual ones; nothing else is affected.',
    nextStep: 'Set them again: that writes them anew.',
  });

  function parse(text: string): { readonly value: T | null; readonly fault: Fault | null } {
    let stored: unknown;
    try {
      stored = JSON.parse(text);
    } catch {
      return { value: null, fault: refuse('they are no JSON') };
    }
    const found = (stored as { version?: unknown } | null)?.version;
    if (found !== version)
      return {
        value: null,
        fault: refuse(`they are of version ${String(found)}; this page reads version ${version}`),
      };
    const result = schema.safeParse((stored as { value?: unknown }).value);
    if (result.success) return { value: result.data, fault: null };
    const [issue] = result.error.issues;
    return { value: null, fault: refuse(issue?.message ?? 'unknown fields', issue?.path.join('.')) };
  }

  return {
    read() {
      let text: string | null = null;
      try {
        text = localStorage.getItem(key);
      } catch {
        // Forbidden: as if there were none.
      }
      return text === null ? { value: null, fault: null } : parse(text);
    },
    write(value) {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify({ version, value }));
      } catch {
        // Forbidden or full: it lasts for this visit all the same.
      }
    },
  };
}
