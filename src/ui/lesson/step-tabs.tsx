import { LESSON_STEPS } from '../../state/lesson/steps.ts';
import { useLesson, useLessonActions } from './lesson-context.ts';

/** The steps in a row: which are done, and which is looked at. */
export function StepTabs() {
  const { go } = useLessonActions();
  const { done, step: current } = useLesson(state => state.kept);
  return (
    <nav aria-label="Steps of the lesson">
      <ol className="lesson-tabs">
        {LESSON_STEPS.map(({ id, title }, i) => {
          const isDone = done.includes(id);
          return (
            <li key={id}>
              <button
                type="button"
                className={isDone ? 'lesson-tab lesson-tab-done' : 'lesson-tab'}
                title={title}
                aria-label={`${i + 1}. ${title}${isDone ? ', done' : ''}`}
                aria-current={id === current ? 'step' : undefined}
                onClick={() => go(id)}
              >
                {i + 1}
                {isDone && <span aria-hidden="true">✓</span>}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
