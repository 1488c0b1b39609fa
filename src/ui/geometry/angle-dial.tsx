import { DrawingSvg } from '../figures/chart-view.tsx';
import { arrow, px, text, type Drawing } from '../figures/drawing.ts';

const [LENGTH, MIDDLE, FLOOR, ARC] = [40, 46, 50, 14] as const;

/** The angle between both axes as it is in the whitened space. */
export function AngleDial({ angle }: { readonly angle: number }) {
  const turn = (angle * Math.PI) / 180;
  const tip = (length: number): readonly [number, number] => [
    MIDDLE + length * Math.cos(turn),
    FLOOR - length * Math.sin(turn),
  ];
  const [arcX, arcY] = tip(ARC);
  const [nameX, nameY] = tip(LENGTH + 2);
  const drawing: Drawing = {
    width: 112,
    height: 66,
    label: '',
    shapes: [
      {
        kind: 'path',
        stroke: 'soft',
        width: 1.2,
        d: `M${MIDDLE + ARC} ${FLOOR}A${ARC} ${ARC} 0 0 0 ${px(arcX)} ${px(arcY)}`,
      },
      ...arrow([MIDDLE, FLOOR], [MIDDLE + LENGTH, FLOOR], 'ink', 1.8),
      ...arrow([MIDDLE, FLOOR], tip(LENGTH), 'ink', 1.8),
      text('safety', MIDDLE + 12, FLOOR + 13),
      text('e', nameX, nameY - 1, { anchor: angle > 90 ? 'end' : 'start', tone: 'ink', bold: true }),
    ],
  };
  return <DrawingSvg drawing={drawing} />;
}
