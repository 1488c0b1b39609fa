import { useMemo } from 'react';
import { signed } from '../../state/geometry/plane-words.ts';
import { angleOf, planeField, type PlaneSettings } from '../../state/geometry/plane-settings.ts';
import type { PlaneOutcome } from '../../state/geometry/plane.ts';
import { setPlane } from '../../state/geometry/geometry-store.ts';
import { DrawingSvg } from '../figures/drawing-view.tsx';
import { useWidth } from '../figures/use-width.ts';
import { planeDrawing } from './plane-drawing.ts';
import { PlaneHandle } from './plane-handle.tsx';
import { EXPRESSIVENESS, LINE_HANDLE, planeScales, SAFETY } from './plane-scales.ts';
import { angleText } from './plane-slider.tsx';

interface PlaneViewProps {
  readonly settings: PlaneSettings;
  readonly outcome: PlaneOutcome;
}

/** The drawing of the model, with its boundary and its leakage line to take hold of. */
export function PlaneView({ settings, outcome }: PlaneViewProps) {
  const [measure, width] = useWidth();
  const drawing = useMemo(
    () => (width === null ? null : planeDrawing(settings, outcome, width)),
    [settings, outcome, width],
  );
  return (
    <div ref={measure} className="drawing">
      {width !== null && drawing && (
        <div className="plane-drawn">
          <DrawingSvg drawing={drawing} />
          <Handles settings={settings} correlation={outcome.correlation} width={width} />
        </div>
      )}
    </div>
  );
}

function Handles({
  settings,
  correlation,
  width,
}: {
  readonly settings: PlaneSettings;
  readonly correlation: number;
  readonly width: number;
}) {
  const { box, sx, sy } = planeScales(width);
  const safetyAt = (x: number): number =>
    SAFETY.low + ((x - box.left) / box.width) * (SAFETY.high - SAFETY.low);
  const expressivenessAt = (y: number): number =>
    EXPRESSIVENESS.high - ((y - box.top) / box.height) * (EXPRESSIVENESS.high - EXPRESSIVENESS.low);
  return (
    <>
      <PlaneHandle
        field={planeField('boundary')}
        label="Boundary in the drawing"
        value={settings.boundary}
        valueText={`${signed(settings.boundary)} σ`}
        place={{ left: sx(settings.boundary), top: box.top, height: box.height }}
        at={safetyAt}
        onChange={boundary => setPlane({ boundary })}
      />
      <PlaneHandle
        field={planeField('angle')}
        label="Leakage line in the drawing: angle"
        value={settings.angle}
        valueText={angleText(settings)}
        place={{ left: sx(LINE_HANDLE), top: sy(LINE_HANDLE * correlation) }}
        at={(_, y) => angleOf(expressivenessAt(y) / LINE_HANDLE)}
        onChange={angle => setPlane({ angle })}
      />
    </>
  );
}
