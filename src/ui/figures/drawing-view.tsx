import { useMemo } from 'react';
import type { Drawing, Shape } from './drawing.ts';
import './figures.css';
import { PAGE } from './palette.ts';
import { shapeAttributes } from './svg-text.ts';
import { useWidth } from './use-width.ts';

/** React's names of SVG attributes: `stroke-width` is `strokeWidth`. */
const camel = (name: string): string =>
  name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function ShapeView({ shape }: { readonly shape: Shape }) {
  const attributes = Object.fromEntries(
    Object.entries(shapeAttributes(shape, PAGE)).map(([name, value]) => [camel(name), value]),
  );
  return shape.kind === 'path' ? <path {...attributes} /> : <text {...attributes}>{shape.text}</text>;
}

/** A drawing of a fixed size, such as a marker beside a name. */
export function DrawingSvg({
  drawing,
  hidden = false,
}: {
  readonly drawing: Drawing;
  readonly hidden?: boolean;
}) {
  const { width, height, shapes, label } = drawing;
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      {...(hidden ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {shapes.map((shape, i) => (
        <ShapeView key={i} shape={shape} />
      ))}
    </svg>
  );
}

/** A drawing made for the width that its place has, and made anew when that changes. */
export function DrawingView({ draw }: { readonly draw: (width: number) => Drawing }) {
  const [measure, width] = useWidth();
  const drawing = useMemo(() => (width === null ? null : draw(width)), [draw, width]);
  return (
    <div ref={measure} className="drawing">
      {drawing && <DrawingSvg drawing={drawing} />}
    </div>
  );
}
