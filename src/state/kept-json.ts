import type { z } from 'zod';

/** A value kept for the next visit, where the browser allows that; else it lasts for this one. What does not fit its schema is forgotten. */
export interface KeptJson<T> {
  read(): T;
  /** Whether it could be kept. */
  write(value: T): boolean;
}

export function keptJson<T>(key: string, schema: z.ZodType<T>, empty: T): KeptJson<T> {
  return {
    read() {
      try {
        const found = schema.safeParse(JSON.parse(localStorage.getItem(key) ?? 'null'));
        return found.success ? found.data : empty;
      } catch {
        return empty;
      }
    },
    write(value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
        return true;
      } catch {
        // Storage may be forbidden or full: what was done stands all the same.
        return false;
      }
    },
  };
}
