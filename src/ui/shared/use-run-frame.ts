import { useEffect, useMemo, useRef, useState } from 'react';
import { RefreshQueue } from '../../state/run/refresh.ts';
import type { RunData } from '../../record/run-data.ts';
import type { RunEntry } from '../../state/run/run-store.ts';
import { useLab } from './lab-context.ts';

const queue = new RefreshQueue();

/** What a panel draws: a run and its figures as of some version. A new object whenever they changed. */
export interface RunFrame {
  readonly run: RunEntry | undefined;
  readonly data: RunData;
}

/**
 * The shown run as a panel should draw it now: renewed at most four times a second, each reader in a task of its own,
 * and while its element is off screen only when the run begins, ends or gives way to another.
 */
export function useRunFrame(visible: boolean): RunFrame {
  const { runs } = useLab();
  const read = useMemo(
    () => (): RunFrame => {
      const { shownId, runs: entries } = runs.store.getState();
      return { run: entries.find(({ id }) => id === shownId), data: runs.data(shownId ?? '') };
    },
    [runs],
  );
  const [frame, setFrame] = useState(read);
  const drawn = useRef('');

  useEffect(() => {
    const signature = ({ run, data }: RunFrame): string =>
      [run?.id, run?.status, run?.config.steps, visible ? data.version : 'off screen'].join(' ');
    const redraw = (): boolean => {
      const next = read();
      if (signature(next) === drawn.current) return false;
      drawn.current = signature(next);
      setFrame(next);
      return true;
    };
    redraw();
    return queue.attach(onChange => {
      let watched = read().data;
      let leave = watched.subscribe(onChange);
      const leaveStore = runs.store.subscribe(() => {
        const { data } = read();
        if (data !== watched) {
          leave();
          watched = data;
          leave = watched.subscribe(onChange);
        }
        onChange();
      });
      return () => {
        leave();
        leaveStore();
      };
    }, redraw);
  }, [visible, read, runs]);
  return frame;
}

/** Whether an element is on screen, or nearly. */
export function useVisible(): readonly [(element: Element | null) => void, boolean] {
  const [element, setElement] = useState<Element | null>(null);
  const [visible, setVisible] = useState(true);
  useEffect(() => {
    if (!element) return;
    const observer = new IntersectionObserver(
      entries => setVisible(entries.some(entry => entry.isIntersecting)),
      { rootMargin: '200px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, visible];
}
