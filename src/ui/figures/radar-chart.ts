import { RADAR_AXES, type RadarShape } from '../../state/compare/radar.ts';
import type { Chart, Layer } from './chart.ts';
import { circle, polyline, SMALL_TEXT, text, type Point, type Shape } from './drawing.ts';
import { BASE_DASH, dashOf, marker, toneOf } from './series.ts';

const RINGS = [0.25, 0.5, 0.75, 1];
const TOP = 36;
const UNIT = { low: 0, high: 1, ticks: [] };

/** Half a turn back: the first axis points up. */
const angle = (axis: number): number => (2 * Math.PI * axis) / RADAR_AXES.length - Math.PI / 2;

/** The line of a shape; where a value is missing, it is open on both sides of it. */
function outline(places: readonly (Point | null)[]): string {
  const known = places.filter(place => place !== null);
  if (known.length === places.length) return polyline(known, true);
  return places
    .map((place, i) => {
      const next = places[(i + 1) % places.length];
      return place && next ? polyline([place, next]) : '';
    })
    .join('');
}

/** Values in [0, 1] on axes around a point, outward good. Recharts draws no part of it: its axes are not those of a plane. */
export function radarChart(shapes: readonly RadarShape[], width: number): Chart {
  const narrow = width < 460;
  const radius = Math.min(width, 460) / 2 - (narrow ? 62 : 56);
  const [cx, cy] = [width / 2, radius + TOP];
  const at = (axis: number, value: number): Point => [
    cx + Math.cos(angle(axis)) * value * radius,
    cy + Math.sin(angle(axis)) * value * radius,
  ];
  const ring = (value: number): string =>
    polyline(
      RADAR_AXES.map((_, axis) => at(axis, value)),
      true,
    );
  const spokes = RADAR_AXES.map((_, axis) => polyline([[cx, cy], at(axis, 1)]));
  const web: Layer = {
    draw: () => [
      { kind: 'path', d: [...RINGS.map(ring), ...spokes].join(''), stroke: 'grid' },
      ...RINGS.map(value =>
        text(String(value), cx + 4, cy - value * radius + 12, { tone: 'faint', size: 10, rim: true }),
      ),
    ],
  };
  const names: Layer = {
    draw: () =>
      RADAR_AXES.flatMap(({ label }, axis) => {
        const [x, y] = at(axis, 1 + 14 / radius);
        const sideways = Math.cos(angle(axis));
        const anchor = Math.abs(sideways) < 0.1 ? 'middle' : sideways > 0 ? 'start' : 'end';
        const lines = narrow ? label.split(', ').flatMap(part => part.split(/ (?=\S+$)/)) : [label];
        return lines.map((line, i) =>
          text(line, x, y + SMALL_TEXT / 3 + (i - (lines.length - 1) / 2) * (SMALL_TEXT + 2), {
            anchor,
            tone: 'ink',
          }),
        );
      }),
  };
  const drawn = ({ group, values }: RadarShape): Layer => ({
    draw() {
      const places = values.map((value, axis) => (value === null ? null : at(axis, value)));
      const tone = group === null ? 'base' : toneOf(group);
      return [
        {
          kind: 'path',
          d: outline(places),
          stroke: tone,
          width: 2,
          dash: group === null ? BASE_DASH : dashOf(group),
          fill: tone,
          fillOpacity: group === null ? 0 : 0.05,
        },
        ...places.flatMap((place): Shape[] => {
          if (!place) return [];
          if (group !== null) return [marker(group, ...place, 4)];
          return [{ kind: 'path', d: circle(...place, 2.4), fill: tone }];
        }),
      ];
    },
  });
  return {
    width,
    panels: [
      {
        x: UNIT,
        y: UNIT,
        height: cy + radius + 40,
        inset: { left: 0, right: 0, top: 0, bottom: 0 },
        plain: true,
        bare: true,
        // The first group lies on top.
        layers: [web, ...shapes.map(drawn).toReversed(), names],
      },
    ],
    legend: shapes.map(({ name, group }) => ({ name, group, mark: 'line' })),
    label: `Radar of ${shapes.map(({ name }) => name).join(', ')} on ${RADAR_AXES.map(({ label }) => label.toLowerCase()).join(', ')}; outward is better`,
  };
}
