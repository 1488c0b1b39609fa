import { lazy, Suspense, useLayoutEffect } from 'react';
import { ErrorBoundary } from '../shared/error-boundary.tsx';
import { useLab, useLessonPlace } from '../shared/lab-context.ts';

/** Fetched when the lesson is first opened. */
const LessonDock = lazy(async () => ({ default: (await import('./lesson-dock.tsx')).LessonDock }));

/** Where the lesson stands in the page, and its links. Once begun it stays, closed or open, to see what is done. */
export function LessonHost() {
  const { lesson } = useLab();
  const begun = useLessonPlace(state => state.begun);
  // A layout effect: a projector must not see controls that the link hides.
  useLayoutEffect(() => {
    const follow = (): void => lesson.follow(location.hash);
    follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [lesson]);
  if (!begun) return null;
  return (
    <ErrorBoundary panel="Lesson">
      <Suspense>
        <LessonDock />
      </Suspense>
    </ErrorBoundary>
  );
}
