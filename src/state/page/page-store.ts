import { createStore, type StoreApi } from 'zustand/vanilla';

/** On a narrow screen only one is shown at a time. */
export const PANES = ['charts', 'samples', 'setup'] as const;
export type Pane = (typeof PANES)[number];

/** The views of a run in the middle of the page. */
export const VIEW_NAMES = ['charts', 'crossed', 'tokens', 'geometry'] as const;
export type View = (typeof VIEW_NAMES)[number];

/** Dialogs; at most one is open. */
export type Opened = 'constitution' | 'compare' | 'help' | 'share' | 'kept';

/** What a learner does that no other store remembers. */
export type LearnerAction = 'exported' | 'shared' | 'highest-token';

export interface PageState {
  readonly pane: Pane;
  /** As requested: a run that lacks a view shows its charts. */
  readonly view: View;
  readonly opened: Opened | null;
  /** How often each was done since the page was opened. */
  readonly learnerActions: Readonly<Partial<Record<LearnerAction, number>>>;
}

/** Where the user is in the page. Everything that navigates (keys, links, the lesson) does so through this. */
export interface PageActions {
  readonly store: StoreApi<PageState>;
  showPane(pane: Pane): void;
  /** Shows a view, and on a narrow screen the pane that it is in. */
  showView(view: View): void;
  open(dialog: Opened): void;
  close(): void;
  note(action: LearnerAction): void;
}

export function createPageActions(): PageActions {
  const store = createStore<PageState>(() => ({
    pane: 'charts',
    view: 'charts',
    opened: null,
    learnerActions: {},
  }));
  return {
    store,
    showPane: pane => store.setState({ pane }),
    showView: view => store.setState({ view, pane: 'charts' }),
    open: opened => store.setState({ opened }),
    close: () => store.setState({ opened: null }),
    note: action =>
      store.setState(({ learnerActions }) => ({
        learnerActions: { ...learnerActions, [action]: (learnerActions[action] ?? 0) + 1 },
      })),
  };
}
