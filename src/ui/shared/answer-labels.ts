import type { Label } from '../../contract/world.ts';

/** The judge's words for people. */
export const ANSWER_LABELS: Record<Label, string> = {
  comply: 'complies',
  short: 'short answer',
  refuse: 'refuses',
  rich: 'safe and rich',
  correct: 'correct',
  wrong: 'wrong',
  other: 'no known form',
};
