import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ConfigState } from '../../state/setup/config-store.ts';
import type { ConstitutionState } from '../../state/constitution/constitution-store.ts';
import type { Artefact } from '../../protocol/lab-api.ts';
import type { KeptState } from '../../state/kept/kept-runs.ts';
import type { Lab } from '../../state/lab.ts';
import type { LinkState } from '../../state/share/link-store.ts';
import type { LessonPlaceState } from '../../state/lesson/place.ts';
import type { ModelState } from '../../state/models/model-store.ts';
import type { OpenState } from '../../state/files/open-files.ts';
import type { OwnState } from '../../state/constitution/own-constitutions.ts';
import type { PageState } from '../../state/page/page-store.ts';
import type { ReviewState } from '../../state/samples/sample-review.ts';
import type { TeacherState } from '../../state/models/teacher-store.ts';
import type { RunEntry, RunState } from '../../state/run/run-store.ts';

export const LabContext = createContext<Lab | null>(null);

export function useLab(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('useLab is used outside of LabContext');
  return lab;
}

export function useRuns<T>(select: (state: RunState) => T): T {
  return useStore(useLab().runs.store, select);
}

export function usePage<T>(select: (state: PageState) => T): T {
  return useStore(useLab().page.store, select);
}

export function useLessonPlace<T>(select: (state: LessonPlaceState) => T): T {
  return useStore(useLab().lesson.store, select);
}

export function useConfig<T>(select: (state: ConfigState) => T): T {
  return useStore(useLab().config.store, select);
}

export function useConstitutions<T>(select: (state: ConstitutionState) => T): T {
  return useStore(useLab().constitutions.store, select);
}

export function useTeachers<T>(select: (state: TeacherState) => T): T {
  return useStore(useLab().teachers.store, select);
}

export function useModels<T>(select: (state: ModelState) => T): T {
  return useStore(useLab().models.store, select);
}

export function useReview<T>(select: (state: ReviewState) => T): T {
  return useStore(useLab().review.store, select);
}

export function useOwnConstitutions<T>(select: (state: OwnState) => T): T {
  return useStore(useLab().ownConstitutions.store, select);
}

export function useLinks<T>(select: (state: LinkState) => T): T {
  return useStore(useLab().links.store, select);
}

export function useOpening<T>(select: (state: OpenState) => T): T {
  return useStore(useLab().files.store, select);
}

export function useKeptRuns<T>(select: (state: KeptState) => T): T {
  return useStore(useLab().keptRuns.store, select);
}

/** The calibrated teachers that the worker keeps. */
export function useKeptTeachers(): readonly Artefact[] {
  return useStore(useLab().kept, ({ kept }) => kept);
}

/** The run that the controls act on. */
export function useCurrentRun(): RunEntry | undefined {
  return useRuns(({ runs, currentId }) => runs.find(({ id }) => id === currentId));
}

/** The run that the charts and samples show. */
export function useShownRun(): RunEntry | undefined {
  return useRuns(({ runs, shownId }) => runs.find(({ id }) => id === shownId));
}
