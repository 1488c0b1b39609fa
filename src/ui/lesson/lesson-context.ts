import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { lessonHash } from '../../state/lesson/place.ts';
import type { LessonActions, LessonState } from '../../state/lesson/lesson-store.ts';

export const LessonContext = createContext<LessonActions | null>(null);

export function useLessonActions(): LessonActions {
  const lesson = useContext(LessonContext);
  if (!lesson) throw new Error('useLessonActions is used outside of LessonContext');
  return lesson;
}

export function useLesson<T>(select: (state: LessonState) => T): T {
  return useStore(useLessonActions().store, select);
}

/** The page's address with the hash of a step; settings that the address carries stay in it. */
export function stepAddress(step: number, controlsHidden: boolean): string {
  return `${location.origin}${location.pathname}${location.search}${lessonHash({ step, controlsHidden })}`;
}
