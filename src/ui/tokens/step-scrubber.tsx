import { useEffect, useState } from 'react';
import type { InspectionRecord } from '../../record/inspection.ts';
import { Icon } from '../shared/icon.tsx';

/** How long each step is shown during playback. */
const PLAY_MS = 900;

interface StepScrubberProps {
  /** The answer at each evaluation. */
  readonly series: readonly InspectionRecord[];
  readonly at: number;
  /** null follows the latest. */
  onStep(step: number | null): void;
}

/** Scrubs through training by hand, or plays it from beginning to end. */
export function StepScrubber({ series, at, onStep }: StepScrubberProps) {
  const [playing, setPlaying] = useState(false);
  const last = series.length - 1;
  const step = series[at]?.step ?? 0;
  const goTo = (place: number): void => onStep(place >= last ? null : (series[place]?.step ?? null));

  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      if (at >= last) setPlaying(false);
      else onStep(at + 1 >= last ? null : (series[at + 1]?.step ?? null));
    }, PLAY_MS);
    return () => clearTimeout(timer);
  }, [playing, at, last, series, onStep]);

  const play = (): void => {
    if (!playing && at >= last) goTo(0);
    setPlaying(!playing);
  };
  return (
    <div className="tokens-step">
      <button type="button" className="button" onClick={play} disabled={last < 1}>
        <Icon name={playing ? 'pause' : 'run'} />
        {playing ? 'Hold' : 'Play steps'}
      </button>
      <label>
        <span>Step</span>
        <input
          type="range"
          aria-label="Step to inspect"
          min={0}
          max={Math.max(0, last)}
          step={1}
          value={at}
          disabled={last < 1}
          aria-valuetext={step === 0 ? 'step 0, before training' : `step ${step}`}
          onChange={event => {
            setPlaying(false);
            goTo(Number(event.target.value));
          }}
        />
        <output>{step}</output>
      </label>
    </div>
  );
}
