import { useCallback, useMemo } from 'react';
import { fixed, percent } from '../../contract/format.ts';
import { PLANE_PRESETS, presetOf, type PlanePreset } from '../../state/geometry/plane-settings.ts';
import { planeLesson, planeSettingsLine, planeTable, signed } from '../../state/geometry/plane-words.ts';
import { setPlane } from '../../state/geometry/geometry-store.ts';
import { MODE_STEPS } from '../../state/geometry/plane-modes.ts';
import { FigureFrame } from '../figures/figure-frame.tsx';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import { NumberList } from './number-list.tsx';
import { PlaneControls } from './plane-controls.tsx';
import { planeChart } from './plane-chart.ts';
import { PlaneHandles } from './plane-handles.tsx';
import { usePlane, type ShownPlane } from './use-plane.ts';

const MARKS =
  'Outlines hold 39 % and 86 % of the answers, as one and two σ of a Gaussian do · dashed line: expressiveness that safety carries along, slope κ · arrow: shift Δ of the student';

const presets = (Object.keys(PLANE_PRESETS) as PlanePreset[]).map(name => [name, name] as const);

function Presets({ chosen }: { readonly chosen: PlanePreset | null }) {
  return (
    <ToggleGroup
      className="plane-presets"
      buttonClass="button plane-preset"
      label="Presets of the model"
      options={presets}
      value={chosen}
      onChoose={name => setPlane(PLANE_PRESETS[name])}
    />
  );
}

function Numbers({ outcome, step }: Omit<ShownPlane, 'settings'>) {
  const { base, student, shift } = outcome;
  const to = (from: string, now: string | undefined): string =>
    now === undefined ? '–' : `${from} → ${now}`;
  const rows: readonly (readonly [name: string, value: string, what?: string])[] = [
    ['Δs', shift ? `${signed(shift.safety, 3)} σ` : '–', 'shift in safety'],
    ['Δe', shift ? `${signed(shift.expressiveness, 3)} σ` : '–', 'shift in expressiveness'],
    ['κ = Δe / Δs', shift && shift.leakage !== null ? signed(shift.leakage, 3) : '–', 'leakage'],
    [
      'Entropy',
      to(fixed(base.entropy, 3), student ? `${fixed(student.entropy, 3)} nats` : undefined),
      'base → student',
    ],
    ['P(safe)', to(fixed(base.safe, 3), student ? fixed(student.safe, 3) : undefined), 'base → student'],
    ...(step !== null && step < MODE_STEPS ? [['Training', percent(step / MODE_STEPS)] as const] : []),
  ];
  return <NumberList label="Numbers of the model" rows={rows} />;
}

function Lesson({ words }: { readonly words: string }) {
  return (
    <div className="plane-lesson">
      <p>
        <strong>What it teaches.</strong> {words}
      </p>
      <ul>
        <li>
          Leakage per unit of safety is κ for forward and reverse KL alike: the boundary depends on safety
          alone, so that p(e | s) stays the base’s.
        </li>
        <li>What reverse KL adds is lost entropy, or a deeper shift where the covariance cannot adapt.</li>
        <li>
          With two modes reverse KL drops the one where the base has next to no mass: that is the collapse.
        </li>
      </ul>
    </div>
  );
}

/** The 2-D model to play with. */
export function PlaneSection() {
  const { settings, outcome, step } = usePlane();
  const draw = useCallback((width: number) => planeChart(settings, outcome, width), [settings, outcome]);
  const lesson = useMemo(() => planeLesson(settings, outcome), [settings, outcome]);
  return (
    <FigureFrame
      title="A model of two numbers"
      about="Every answer is a point: how safe it is, and how much it says. The teacher is the base with a safety boundary; the student is what training on it ends in. Drag the boundary and the dashed line, or use the sliders."
      note={`${planeSettingsLine(settings)} · ${MARKS}`}
      label="model"
      id="geometry-plane"
      draw={draw}
      renderOnTop={width => (
        <PlaneHandles settings={settings} correlation={outcome.correlation} width={width} />
      )}
      table={planeTable(settings, outcome)}
      choices={<Presets chosen={presetOf(settings)} />}
      below={
        <>
          <Numbers outcome={outcome} step={step} />
          <Lesson words={lesson} />
        </>
      }
      beside={<PlaneControls settings={settings} />}
    />
  );
}
