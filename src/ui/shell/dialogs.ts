import { lazy, type ComponentType } from 'react';
import type { Opened } from '../../state/page/page-store.ts';

interface DialogSpec {
  /** Its name where it could not be drawn. */
  readonly label: string;
  readonly Panel: ComponentType<{ onClose(): void }>;
}

/** What opens over the page, each fetched when first asked for: a first visit does without. */
export const DIALOGS: Readonly<Record<Opened, DialogSpec>> = {
  constitution: {
    label: 'Constitution',
    Panel: lazy(async () => ({
      default: (await import('../constitution/constitution-panel.tsx')).ConstitutionPanel,
    })),
  },
  help: {
    label: 'Help',
    Panel: lazy(async () => ({ default: (await import('../help/help-dialog.tsx')).HelpDialog })),
  },
  kept: {
    label: 'Kept runs',
    Panel: lazy(async () => ({ default: (await import('../kept/kept-dialog.tsx')).KeptDialog })),
  },
  compare: {
    label: 'Compare',
    Panel: lazy(async () => ({ default: (await import('../compare/compare-dialog.tsx')).CompareDialog })),
  },
  share: {
    label: 'Share',
    Panel: lazy(async () => ({ default: (await import('../share/share-dialog.tsx')).ShareDialog })),
  },
};
