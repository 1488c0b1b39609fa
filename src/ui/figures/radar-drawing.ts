import { RADAR_AXES, type RadarShape } from '../../state/compare/radar.ts';
import { circle, polyline, SMALL_TEXT, text, type Drawing, type Shape } from './drawing.ts';
import { legend } from './legend.ts';
import { BASE_DASH, dashOf, marker, toneOf } from './series.ts';

const RINGS = [0.25, 0.5, 0.75, 1];

/** Half a turn back: the first axis points up. */
const angle = (axis: number): number => (2 * Math.PI * axis) / RADAR_AXES.length - Math.PI / 2;

/** The line of a shape; where a value is missing, it is open on both sides of it. */
function outline(places: readonly (readonly [number, number] | null)[]): string {
  const known = places.filter(place => place !== null);
  if (known.length === places.length) return polyline(known, true);
  return places
    .map((place, i) => {
      const next = places[(i + 1) % places.length];
      return place && next ? polyline([place, next]) : '';
    })
    .join('');
}

/** Values in [0, 1] on axes around a point, outward good. */
export function radarDrawing(shapes: readonly RadarShape[], width: number): Drawing {
  const size = Math.min(width, 460);
  const radius = size / 2 - (width < 460 ? 62 : 56);
  const [cx, cy] = [width / 2, radius + 36];
  const at = (axis: number, value: number): readonly [number, number] => [
    cx + Math.cos(angle(axis)) * value * radius,
    cy + Math.sin(angle(axis)) * value * radius,
  ];
  const all = RADAR_AXES.map((_, axis) => axis);
  const web: Shape[] = [
    ...RINGS.map((ring): Shape => ({
      kind: 'path',
      d: polyline(
        all.map(axis => at(axis, ring)),
        true,
      ),
      stroke: 'grid',
    })),
    { kind: 'path', d: all.map(axis => polyline([[cx, cy], at(axis, 1)])).join(''), stroke: 'grid' },
    ...RINGS.map(ring =>
      text(String(ring), cx + 4, cy - ring * radius + 12, { tone: 'faint', size: 10, rim: true }),
    ),
  ];
  const names = RADAR_AXES.map(({ label }, axis) => {
    const [x, y] = at(axis, 1 + 14 / radius);
    const sideways = Math.cos(angle(axis));
    const anchor = Math.abs(sideways) < 0.1 ? 'middle' : sideways > 0 ? 'start' : 'end';
    return {
      lines: width < 460 ? label.split(', ').flatMap(part => part.split(/ (?=\S+$)/)) : [label],
      x,
      y,
      anchor,
    } as const;
  }).flatMap(({ lines, x, y, anchor }) =>
    lines.map((line, i) =>
      text(line, x, y + SMALL_TEXT / 3 + (i - (lines.length - 1) / 2) * (SMALL_TEXT + 2), {
        anchor,
        tone: 'ink',
      }),
    ),
  );
  // The first group lies on top.
  const drawn = shapes.toReversed().flatMap(({ group, values }): Shape[] => {
    const places = values.map((value, axis) => (value === null ? null : at(axis, value)));
    const tone = group === null ? 'base' : toneOf(group);
    const dash = group === null ? BASE_DASH : dashOf(group);
    const dots = places.flatMap((place): Shape[] => {
      if (!place) return [];
      return group === null
        ? [{ kind: 'path', d: circle(place[0], place[1], 2.4), fill: tone }]
        : [marker(group, place[0], place[1], 4)];
    });
    return [
      {
        kind: 'path',
        d: outline(places),
        stroke: tone,
        width: 2,
        dash,
        fill: tone,
        fillOpacity: group === null ? 0 : 0.05,
      },
      ...dots,
    ];
  });
  const top = cy + radius + 40;
  const key = legend(
    shapes.map(({ name, group }) => ({ name, group, mark: 'line' as const })),
    width,
    top,
  );
  return {
    width,
    height: top + key.height,
    shapes: [...web, ...drawn, ...names, ...key.shapes],
    label: `Radar of ${shapes.map(({ name }) => name).join(', ')} on ${RADAR_AXES.map(({ label }) => label.toLowerCase()).join(', ')}; outward is better`,
  };
}
