import { polyline, px, type Shape, type Tone } from './drawing.ts';

/** An arrow as a line and its head; none where it would be shorter than the head. */
export function arrow(
  [x, y]: readonly [number, number],
  [toX, toY]: readonly [number, number],
  stroke: Tone,
  width = 2.5,
): readonly Shape[] {
  const length = Math.hypot(toX - x, toY - y);
  const head = 4 * width;
  if (length < head) return [];
  const [u, v] = [(toX - x) / length, (toY - y) / length];
  const neck = [toX - u * head, toY - v * head] as const;
  const wing = 0.45 * head;
  return [
    { kind: 'path', d: `M${px(x)} ${px(y)}L${px(neck[0])} ${px(neck[1])}`, stroke, width },
    {
      kind: 'path',
      d: polyline(
        [
          [toX, toY],
          [neck[0] - v * wing, neck[1] + u * wing],
          [neck[0] + v * wing, neck[1] - u * wing],
        ],
        true,
      ),
      fill: stroke,
    },
  ];
}
