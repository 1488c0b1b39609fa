import type { Fault } from './errors.ts';

/** Answer of a call, or of what is read: errors cross threads as plain data, because Comlink drops their fields. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

export type Awaitable<T> = T | Promise<T>;

/** Calls as another thread makes them: each answers an `Outcome`, and none rejects. */
export type Answered<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends (...args: infer Args) => infer Value
    ? (...args: Args) => Promise<Outcome<Awaited<Value> extends void ? null : Awaited<Value>>>
    : never;
};
