import { chartDrawing, type Chart } from './chart.ts';
import { px, text, textWidth, TEXT_SIZE, type Shape } from './drawing.ts';
import { LIGHT, type Palette } from './palette.ts';

type Attributes = Readonly<Record<string, string | number>>;

/** A shape's SVG attributes, by the names that SVG has for them. */
export function shapeAttributes(shape: Shape, palette: Palette): Attributes {
  if (shape.kind === 'path') {
    const { d, stroke, width = 1, dash, strokeOpacity, round, fill, fillOpacity } = shape;
    return {
      d,
      fill: fill ? palette[fill] : 'none',
      ...(fillOpacity !== undefined && { 'fill-opacity': fillOpacity }),
      ...(stroke && {
        stroke: palette[stroke],
        'stroke-width': width,
        'stroke-linejoin': 'round',
        ...(dash && { 'stroke-dasharray': dash }),
        ...(strokeOpacity !== undefined && { 'stroke-opacity': strokeOpacity }),
        ...(round && { 'stroke-linecap': 'round' }),
      }),
    };
  }
  const { x, y, size, tone, anchor, bold, rim, upright } = shape;
  return {
    x: px(x),
    y: px(y),
    'font-size': size,
    fill: palette[tone],
    'text-anchor': anchor,
    ...(bold && { 'font-weight': 650 }),
    ...(rim && {
      stroke: palette.ground,
      'stroke-width': 3,
      'stroke-linejoin': 'round',
      'paint-order': 'stroke',
    }),
    ...(upright && { transform: `rotate(-90 ${px(x)} ${px(y)})` }),
  };
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 does not allow, as a name from a file may hold them, are dropped. */
const escaped = (raw: string): string =>
  raw
    // eslint-disable-next-line no-control-regex -- These are what must not get into the file.
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"]/g, character => ESCAPES[character]!);

function element(shape: Shape, palette: Palette): string {
  const attributes = Object.entries(shapeAttributes(shape, palette))
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
  return shape.kind === 'path' ? `<path${attributes}/>` : `<text${attributes}>${escaped(shape.text)}</text>`;
}

export interface SvgOptions {
  readonly title: string;
  /** A line below the title: what the marks mean. */
  readonly note: string;
  readonly palette?: Palette;
}

const MARGIN = 12;
const TITLE_SIZE = 15;
const LINE = 17;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', sans-serif";

/** Words in lines of at most `width`. */
function wrapped(words: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && textWidth(longer, TEXT_SIZE) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A chart as an SVG document that stands alone: ground, title, note, colours written in. Deterministic. */
export function chartSvg(chart: Chart, { title, note, palette = LIGHT }: SvgOptions): string {
  const { width, height, shapes, label } = chartDrawing(chart);
  const lines = wrapped(note, width);
  const top = 22 + lines.length * LINE + 12;
  const [w, h] = [Math.ceil(width + 2 * MARGIN), Math.ceil(height + top + MARGIN)];
  const head: Shape[] = [
    text(title, MARGIN, 22, { size: TITLE_SIZE, tone: 'ink', bold: true }),
    ...lines.map((line, i) => text(line, MARGIN, 22 + (i + 1) * LINE, { size: TEXT_SIZE })),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" font-family="${FONT}">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(label)}</desc>`,
    `<rect width="${w}" height="${h}" fill="${palette.ground}"/>`,
    ...head.map(shape => element(shape, palette)),
    `<g transform="translate(${MARGIN} ${top})">`,
    ...shapes.filter(shape => shape.kind === 'text' || shape.d !== '').map(shape => element(shape, palette)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
