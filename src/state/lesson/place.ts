import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Fault } from '../../contract/errors.ts';
import { lessonFromHash } from './link.ts';

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
      const { link, fault } = lessonFromHash(hash);
      if (fault) note(fault);
      if (!link) return;
      store.setState({ begun: true, open: true, byLink: true, folded: false });
      store.setState({ requested: { step: link.step }, controlsHidden: link.controlsHidden });
    },
  };
}
