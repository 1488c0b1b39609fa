import { isActive, type RunEntry } from '../../state/run/run-store.ts';
import { Icon } from '../shared/icon.tsx';
import { useConfig, useCurrentRun, useLab, useLessonPlace, useRuns } from '../shared/lab-context.ts';
import './control-bar.css';
import { lessonTarget } from '../shared/lesson-target.ts';
import { ExportMenu } from './export-menu.tsx';
import { PaceSelect } from './pace-select.tsx';
import { Progress } from './progress.tsx';
import { Readouts } from './readouts.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

interface RunAction {
  readonly label: string;
  readonly icon: 'run' | 'pause';
  readonly busy: boolean;
}

function runAction(run: RunEntry | undefined, replay: boolean): RunAction {
  const start = { label: replay ? 'Replay' : 'Run', icon: 'run', busy: false } as const;
  if (!run || !isActive(run)) return start;
  if (run.status === 'preparing') return { label: 'Preparing', icon: 'run', busy: true };
  if (run.status === 'paused') return { label: 'Continue', icon: 'run', busy: false };
  return {
    label: run.requested === 'pause' ? 'Pausing' : 'Pause',
    icon: 'pause',
    busy: run.requested !== null,
  };
}

/** Everything that drives a run, and what it costs right now. */
export function ControlBar() {
  const { controls, page, lesson } = useLab();
  const bare = useLessonPlace(state => state.controlsHidden);
  const lessonOpen = useLessonPlace(state => state.open);
  const run = useCurrentRun();
  const gpu = useRuns(state => state.gpu.kind);
  const recorded = useRuns(state => state.runs.some(({ origin }) => origin === 'recorded'));
  const problems = useConfig(state => state.problems.length);
  const readOnly = useRuns(state => state.readOnly);
  const replay = gpu === 'none';
  const action = runAction(run, replay);
  const active = isActive(run);
  const blocked = !active && (replay ? !recorded : readOnly || problems > 0);
  return (
    <header className="bar">
      <h1 className="bar-name">COPSD Lab</h1>
      {!bare && (
        <div className="bar-transport" role="group" aria-label="Run controls">
          <button
            type="button"
            className="button button-primary bar-run"
            {...lessonTarget('run')}
            aria-keyshortcuts="Space"
            title={readOnly && !active ? 'Another tab trains: see above' : undefined}
            disabled={blocked || action.busy}
            onClick={controls.runOrPause}
          >
            <Icon name={action.icon} />
            {action.label}
          </button>
          <button
            type="button"
            className="button"
            aria-keyshortcuts="ArrowRight"
            title="Step (→)"
            disabled={blocked || (active && run?.status !== 'paused')}
            onClick={controls.step}
          >
            <Icon name="step" />
            <span className="bar-label">Step</span>
          </button>
          <button type="button" className="button" title="Stop" disabled={!active} onClick={controls.stop}>
            <Icon name="stop" />
            <span className="bar-label">Stop</span>
          </button>
          <button
            type="button"
            className="button"
            aria-keyshortcuts="R"
            title="Reset (R)"
            disabled={!run}
            onClick={controls.reset}
          >
            <Icon name="reset" />
            <span className="bar-label">Reset</span>
          </button>
        </div>
      )}
      <Progress />
      <Readouts />
      {!bare && <PaceSelect />}
      <div className="bar-tools">
        <button
          type="button"
          className="button bar-lesson"
          title="Lesson (L)"
          aria-keyshortcuts="L"
          aria-expanded={lessonOpen}
          onClick={lesson.toggle}
        >
          <Icon name="lesson" />
          <span className="bar-label">Lesson</span>
        </button>
        <button type="button" className="button" aria-haspopup="dialog" onClick={() => page.open('compare')}>
          Compare
        </button>
        <button
          type="button"
          className="button bar-share"
          aria-haspopup="dialog"
          title="Share a link"
          onClick={() => page.open('share')}
        >
          <Icon name="share" />
          <span className="bar-label">Share</span>
        </button>
        <ExportMenu />
        <ThemeSwitch />
        <button
          type="button"
          className="button button-icon"
          aria-label="Help and shortcuts"
          aria-keyshortcuts="?"
          onClick={() => page.open('help')}
        >
          ?
        </button>
      </div>
    </header>
  );
}
