import type { RunConfig } from './run-config.ts';

/** One number of the settings: how to read and write it, and what a person should know of it. */
export interface NumberField {
  /** Where it lives in the configuration, dotted: what validation names, and what a link may set. */
  readonly path: string;
  readonly label: string;
  readonly unit: string;
  /** The schema's range, in words. */
  readonly range: string;
  readonly why: string;
  readonly increment: number;
  /** May change while a run goes on. */
  readonly live?: boolean;
  /** Whether the settings have it; without this all have. */
  applies?(config: RunConfig): boolean;
  /** Not a number where the settings have no place for it. */
  get(config: RunConfig): number;
  /** Leaves settings without a place for it as they are. */
  set(config: RunConfig, value: number): RunConfig;
}

/** What a field says of itself, without where it lives. */
export type FieldWords = Omit<NumberField, 'path' | 'applies' | 'get' | 'set'>;
