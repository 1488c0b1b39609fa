import type { Fault } from '../../contract/errors.ts';

/** The steps of the lesson, in their order; links count them from 1. */
export const STEP_IDS = [
  'predict',
  'baseline',
  'train',
  'token',
  'ablate',
  'copsd',
  'geometry',
  'take-home',
] as const;
export type StepId = (typeof STEP_IDS)[number];

export interface LessonLink {
  /** From 1. */
  readonly step: number;
  /** Leaves out what changes a run; read-outs, charts and samples stay. */
  readonly controlsHidden: boolean;
}

export interface FoundLink {
  /** Null where the hash speaks of no lesson, or not in a way that is known. */
  readonly link: LessonLink | null;
  readonly fault: Fault | null;
}

const NONE: FoundLink = { link: null, fault: null };

function refuse(message: string, place: string): FoundLink {
  return {
    link: null,
    fault: {
      code: 'E_LINK_LESSON',
      message,
      file: 'the page’s address',
      place,
      consequence: 'The lesson was not opened; nothing else is changed.',
      nextStep: 'Correct the address, or open the lesson with its button.',
    },
  };
}

/** Reads `#lesson=3` or `#lesson=3&controls=hidden`. Any other hash is left alone. */
export function lessonFromHash(hash: string): FoundLink {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const asked = parameters.get('lesson');
  if (asked === null) return NONE;
  const step = /^\d{1,3}$/.test(asked) ? Number(asked) : 0;
  if (step < 1 || step > STEP_IDS.length)
    return refuse(`a step of the lesson is a number from 1 to ${STEP_IDS.length}`, `lesson=${asked}`);
  const controls = parameters.get('controls');
  if (controls !== null && controls !== 'hidden' && controls !== 'shown')
    return refuse('controls are “hidden” or “shown”', `controls=${controls}`);
  return { link: { step, controlsHidden: controls === 'hidden' }, fault: null };
}

export const lessonHash = ({ step, controlsHidden }: LessonLink): string =>
  `#lesson=${step}${controlsHidden ? '&controls=hidden' : ''}`;
