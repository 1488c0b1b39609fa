import { useLab, useLessonPlace } from '../shared/lab-context.ts';
import { PANES, type Pane } from '../../state/page/page-store.ts';

const LABELS: Record<Pane, string> = { charts: 'Charts', samples: 'Samples', setup: 'Setup' };

interface PaneTabsProps {
  readonly pane: Pane;
  /** Without the settings. */
  readonly bare: boolean;
  onChoose(pane: Pane): void;
}

/** Which pane a narrow screen shows; hidden on a wide one, which shows all. */
export function PaneTabs({ pane, bare, onChoose }: PaneTabsProps) {
  const { lesson } = useLab();
  const lessonOpen = useLessonPlace(state => state.open);
  return (
    <nav className="pane-tabs" aria-label="Panes">
      {PANES.filter(name => !bare || name !== 'setup').map(name => (
        <button
          key={name}
          type="button"
          className="pane-tab"
          aria-pressed={name === pane}
          onClick={() => onChoose(name)}
        >
          {LABELS[name]}
        </button>
      ))}
      <button
        type="button"
        className="pane-tab pane-lesson"
        aria-expanded={lessonOpen}
        onClick={lesson.toggle}
      >
        Lesson
      </button>
    </nav>
  );
}
