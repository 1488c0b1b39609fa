import { signed } from '../../state/geometry/plane-words.ts';
import { angleOf, planeField, type PlaneSettings } from '../../state/geometry/plane-settings.ts';
import { setPlane } from '../../state/geometry/geometry-store.ts';
import { EXPRESSIVENESS, LINE_HANDLE, planeScales, SAFETY } from './plane-chart.ts';
import { PlaneHandle } from './plane-handle.tsx';
import { angleText } from './plane-slider.tsx';

interface PlaneHandlesProps {
  readonly settings: PlaneSettings;
  readonly correlation: number;
  readonly width: number;
}

/** The boundary and the leakage line of the drawn model, to take hold of. */
export function PlaneHandles({ settings, correlation, width }: PlaneHandlesProps) {
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
