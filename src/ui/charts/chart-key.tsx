import { DrawingSvg } from '../figures/chart-view.tsx';
import type { Layer } from '../figures/chart.ts';
import { placesOf } from '../figures/chart.ts';
import { evaluationLayers, stepLayers } from './run-chart.ts';
import type { PlotValues } from './plot-values.ts';

const NOTHING: PlotValues = {
  raw: { x: [], y: [] },
  smoothed: { x: [], y: [] },
  evaluations: [],
  base: null,
  teacher: null,
};
/** In a plane of a swatch's own pixels, y upward. */
const SWATCH = { width: 26, height: 12 } as const;
const SCALES = {
  sx: (value: number) => value,
  sy: (value: number) => SWATCH.height - value,
  box: { left: 1, top: 0, width: 24, height: SWATCH.height },
};

const swatches = (values: Partial<PlotValues>): readonly Layer[] => {
  const whole = { ...NOTHING, ...values };
  const { below, above } = evaluationLayers(whole, false);
  return [...below, ...stepLayers(whole, false), ...above];
};

const KEY: readonly (readonly [words: string, layers: readonly Layer[]])[] = [
  ['rollouts of a step', swatches({ raw: { x: [3, 9, 15, 21], y: [4, 8, 3, 7] } })],
  ['smoothed', swatches({ smoothed: { x: [1, 7, 13, 19, 25], y: [3, 3.5, 6, 7.5, 8] } })],
  [
    'held-out evaluation, 95 % band',
    swatches({
      evaluations: [1, 13, 25].map(step => ({ step, value: 6, interval: [1, 11] as const })),
    }),
  ],
  ['base model', swatches({ base: 6 })],
  ['teacher, reading the constitution', swatches({ teacher: 6 })],
];

/** The legend: the same in every chart, drawn like the marks. */
export function ChartKey() {
  return (
    <ul className="key" aria-label="Key to the charts">
      {KEY.map(([words, layers]) => (
        <li key={words}>
          <DrawingSvg
            drawing={{
              ...SWATCH,
              shapes: layers.flatMap(layer => layer.draw(SCALES, placesOf(layer, SCALES))),
              label: '',
            }}
          />
          {words}
        </li>
      ))}
    </ul>
  );
}
