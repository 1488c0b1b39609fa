import type { LessonTarget } from '../../state/lesson/steps.ts';

/** Marks an element as a place that a step of the lesson can lead to. */
export const lessonTarget = (name: LessonTarget) => ({ 'data-lesson-target': name });
