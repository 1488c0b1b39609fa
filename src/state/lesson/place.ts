import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Fault } from '../../contract/errors.ts';

export interface LessonLink {
  /** From 1. */
  readonly step: number;
  /** Leaves out what changes a run; read-outs, charts and samples stay. */
  readonly controlsHidden: boolean;
}

function badLink(message: string, place: string): Fault {
  return {
    code: 'E_LINK_LESSON',
    message,
    file: 'the page’s address',
    place,
    consequence: 'The lesson was not opened; nothing else is changed.',
    nextStep: 'Correct the address, or open the lesson with its button.',
  };
}

/**
 * Reads `#lesson=3` or `#lesson=3&controls=hidden`; null for any other hash. How many steps there are is known once the
 * lesson has been fetched: `LessonPlace.refuse`.
 */
function lessonFromHash(hash: string): LessonLink | Fault | null {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const asked = parameters.get('lesson');
  if (asked === null) return null;
  const controls = parameters.get('controls') ?? 'shown';
  if (!/^\d{1,3}$/.test(asked)) return badLink('a step of the lesson is a number', `lesson=${asked}`);
  if (controls !== 'hidden' && controls !== 'shown')
    return badLink('controls are “hidden” or “shown”', `controls=${controls}`);
  return { step: Number(asked), controlsHidden: controls === 'hidden' };
}

export const lessonHash = ({ step, controlsHidden }: LessonLink): string =>
  `#lesson=${step}${controlsHidden ? '&controls=hidden' : ''}`;

/** Whether the lesson is there. Its steps and what a learner wrote are fetched and kept elsewhere, once it was opened. */
export interface LessonPlaceState {
  /** Opened at least once: from then on it watches what is done, open or not. */
  readonly begun: boolean;
  readonly open: boolean;
  /** A link leaves the focus where the page begins. */
  readonly byLink: boolean;
  /** Only its head is there. */
  readonly folded: boolean;
  /** The step that a link asked for, from 1; a new object for every link that was followed. */
  readonly requested: { readonly step: number } | null;
  readonly controlsHidden: boolean;
}

export interface LessonPlace {
  readonly store: StoreApi<LessonPlaceState>;
  open(): void;
  close(): void;
  toggle(): void;
  fold(folded: boolean): void;
  showControls(): void;
  /** Goes where the hash of the page's address leads, if it is of the lesson. */
  follow(hash: string): void;
  /** Takes back the last link, whose step is none of the `steps` that there are. */
  refuse(steps: number): void;
}

/** @param note takes what is wrong with a link */
export function createLessonPlace(note: (fault: Fault) => void): LessonPlace {
  const store = createStore<LessonPlaceState>(() => ({
    begun: false,
    open: false,
    byLink: false,
    folded: false,
    requested: null,
    controlsHidden: false,
  }));
  let beforeLink = store.getState();
  const open = (): void => store.setState({ begun: true, open: true, byLink: false, folded: false });
  const close = (): void => store.setState({ open: false });
  return {
    store,
    open,
    close,
    toggle: () => (store.getState().open ? close() : open()),
    fold: folded => store.setState({ folded }),
    showControls: () => store.setState({ controlsHidden: false }),
    follow(hash) {
      const link = lessonFromHash(hash);
      if (!link) return;
      if ('code' in link) return note(link);
      const { step, controlsHidden } = link;
      beforeLink = store.getState();
      store.setState({
        begun: true,
        open: true,
        byLink: true,
        folded: false,
        requested: { step },
        controlsHidden,
      });
    },
    refuse(steps) {
      const { requested, begun } = store.getState();
      if (!requested) return;
      store.setState({ ...beforeLink, begun, requested: null });
      note(badLink(`a step of the lesson is a number from 1 to ${steps}`, `lesson=${requested.step}`));
    },
  };
}
