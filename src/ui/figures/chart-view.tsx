import { memo, useCallback, useMemo, useState, type ReactNode } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  usePlotArea,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  YAxis,
} from 'recharts';
import { tickText } from './axis.ts';
import {
  captions,
  placesOf,
  type Chart,
  type DrawnPlace,
  type Layer,
  type Panel,
  type Scales,
} from './chart.ts';
import type { Drawing, Shape } from './drawing.ts';
import './figures.css';
import { legend } from './legend.ts';
import { PAGE } from './palette.ts';
import { shapeAttributes } from './svg-text.ts';

/** React's names of SVG attributes: `stroke-width` is `strokeWidth`. */
const camel = (name: string): string =>
  name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function Shapes({ shapes, name }: { readonly shapes: readonly Shape[]; readonly name?: string | undefined }) {
  return (
    <g data-layer={name ?? ''}>
      {shapes.map((shape, i) => {
        const attributes = Object.fromEntries(
          Object.entries(shapeAttributes(shape, PAGE)).map(([key, value]) => [camel(key), value]),
        );
        return shape.kind === 'path' ? (
          <path key={i} {...attributes} />
        ) : (
          <text key={i} {...attributes}>
            {shape.text}
          </text>
        );
      })}
    </g>
  );
}

/** A drawing of a fixed size, such as a marker beside a name; without a label it is hidden from those who hear the page. */
export function DrawingSvg({ drawing: { width, height, shapes, label } }: { readonly drawing: Drawing }) {
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      <Shapes shapes={shapes} />
    </svg>
  );
}

function useScales(): Scales | null {
  const area = usePlotArea();
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (!area || !x || !y) return null;
  const box = { left: area.x, top: area.y, width: area.width, height: area.height };
  return { sx: value => x(value) ?? NaN, sy: value => y(value) ?? NaN, box };
}

/** @param points where Recharts has put the layer's data; without, it is put on Recharts' scales here */
function LayerShapes({ layer, points }: { readonly layer: Layer; readonly points?: readonly DrawnPlace[] }) {
  const scales = useScales();
  if (!scales) return null;
  return <Shapes shapes={layer.draw(scales, placesOf(layer, scales, points))} name={layer.name} />;
}

const LayerView = memo(function LayerView({ layer }: { readonly layer: Layer }) {
  const { points = [], live = false } = layer;
  // Recharts draws no line of a single point.
  if (live || points.length < 2) return <LayerShapes layer={layer} />;
  return (
    <Line
      data={points}
      dataKey="y"
      shape={<LayerShapes layer={layer} />}
      dot={false}
      activeDot={false}
      isAnimationActive={false}
      zIndex={0}
    />
  );
});

interface PanelProps {
  readonly panel: Panel;
  readonly width: number;
}

const axesOf = ({ x, y, inset, grid, bare, plain }: Panel): string =>
  JSON.stringify([x, y, inset, grid, bare, plain]);

/** Grid and axes: what costs most to draw, so drawn anew only where they change. */
const Axes = memo(
  function Axes({
    panel: { x, y, inset, grid = false, bare = false, plain = false },
  }: Pick<PanelProps, 'panel'>) {
    return (
      <>
        {!plain && <CartesianGrid vertical={grid} zIndex={0} />}
        <XAxis
          type="number"
          dataKey="x"
          domain={[x.low, x.high]}
          ticks={bare ? [] : [...x.ticks]}
          interval={0}
          height={inset.bottom}
          tickSize={4}
          tickMargin={5}
          tickFormatter={x.format ?? tickText}
          axisLine={!plain}
          allowDataOverflow
        />
        <YAxis
          type="number"
          scale={y.log ? 'log' : 'linear'}
          domain={[y.low, y.high]}
          ticks={[...y.ticks]}
          interval={0}
          width={inset.left}
          tickSize={0}
          tickMargin={6}
          axisLine={false}
          tickFormatter={y.format ?? tickText}
          allowDataOverflow
        />
      </>
    );
  },
  (before, now) => axesOf(before.panel) === axesOf(now.panel),
);

function Captions({ panel }: Pick<PanelProps, 'panel'>) {
  const scales = useScales();
  return scales && <Shapes shapes={captions(panel, scales.box)} />;
}

/** A panel, drawn by Recharts. */
export function PanelView({ panel, width }: PanelProps) {
  const { height, inset, layers } = panel;
  return (
    <LineChart
      className="panel"
      width={width}
      height={height}
      margin={{ top: inset.top, right: inset.right, bottom: 0, left: 0 }}
      accessibilityLayer={false}
    >
      <Axes panel={panel} />
      <Captions panel={panel} />
      {layers.map((layer, i) => (
        <LayerView key={i} layer={layer} />
      ))}
    </LineChart>
  );
}

const NARROWEST = 260;

/** The width that an element has for a drawing, in CSS pixels; null before it is known. */
export function useWidth(
  narrowest = NARROWEST,
): readonly [measure: (element: HTMLElement | null) => (() => void) | undefined, width: number | null] {
  const [width, setWidth] = useState<number | null>(null);
  const measure = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return undefined;
      const observer = new ResizeObserver(entries => {
        const room = entries[0]?.contentRect.width ?? 0;
        if (room > 0) setWidth(Math.max(narrowest, Math.floor(room)));
      });
      observer.observe(element);
      return () => observer.disconnect();
    },
    [narrowest],
  );
  return [measure, width];
}

interface ChartViewProps {
  draw(width: number): Chart;
  /** On top of the chart, such as handles. */
  readonly children?: ((width: number) => ReactNode) | undefined;
}

/** A chart made for the width that its place has, and made anew when that changes. */
export function ChartView({ draw, children }: ChartViewProps) {
  const [measure, width] = useWidth();
  const chart = useMemo(() => (width === null ? null : draw(width)), [draw, width]);
  return (
    <div ref={measure} className="drawing">
      {chart && <Drawn chart={chart} />}
      {width !== null && children?.(width)}
    </div>
  );
}

function Drawn({
  chart: { width, columns = 1, panels, legend: entries = [], label },
}: {
  readonly chart: Chart;
}) {
  const key = entries.length > 0 ? legend(entries, width) : null;
  return (
    <div role="img" aria-label={label}>
      <div
        className="panels"
        aria-hidden="true"
        style={{ gridTemplateColumns: `repeat(${columns}, ${width / columns}px)` }}
      >
        {panels.map((panel, i) => (
          <PanelView key={i} panel={panel} width={width / columns} />
        ))}
      </div>
      {key && <DrawingSvg drawing={{ width, height: key.height, shapes: key.shapes(0), label: '' }} />}
    </div>
  );
}
