import type { SampleRecord } from '../../record/run-record.ts';
import type { QueryKind } from '../../contract/world.ts';

/** Which prompts are listed: those of a kind, or the pinned ones of all kinds. */
export type SampleFilter = QueryKind | 'pinned';

export interface PickedSamples {
  /** The listed prompts, pinned ones first, else in the order of arrival. */
  readonly prompts: readonly string[];
  /** Index of the chosen prompt among them. */
  readonly place: number;
  /** All answers to it, by step. */
  readonly chosen: readonly SampleRecord[];
}

/** The prompts that match a filter, and the answers to `prompt`, or to the first if that is not among them. */
export function pickSamples(
  samples: readonly SampleRecord[],
  filter: SampleFilter,
  pins: readonly string[],
  prompt: string | null,
): PickedSamples {
  const pinned = (text: string): boolean => pins.includes(text);
  const passed = samples.filter(sample =>
    filter === 'pinned' ? pinned(sample.prompt) : sample.kind === filter,
  );
  const found = [...new Set(passed.map(sample => sample.prompt))];
  const prompts = [...found.filter(pinned), ...found.filter(text => !pinned(text))];
  const place = Math.max(0, prompts.indexOf(prompt ?? ''));
  const chosen = passed.filter(sample => sample.prompt === prompts[place]).sort((a, b) => a.step - b.step);
  return { prompts, place, chosen };
}
