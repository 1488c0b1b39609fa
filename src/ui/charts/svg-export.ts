import { Y_AXIS_WIDTH } from './plot-geometry.ts';

/** What an SVG needs of the page's style to look the same elsewhere. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;
const NAMESPACE = 'http://www.w3.org/2000/svg';
const HEAD = 44;
const TITLE = 18;

function inlineStyles(from: Element, to: Element): void {
  const computed = getComputedStyle(from);
  for (const name of STYLES) to.setAttribute(name, computed.getPropertyValue(name));
  to.removeAttribute('class');
  to.removeAttribute('style');
  [...from.children].forEach((child, i) => {
    const copy = to.children[i];
    if (copy) inlineStyles(child, copy);
  });
}

function text(
  content: string,
  x: number,
  y: number,
  like: Element,
  size: number,
  weight: string,
): SVGTextElement {
  const element = document.createElementNS(NAMESPACE, 'text');
  const { color, fontFamily } = getComputedStyle(like);
  element.textContent = content;
  element.setAttribute('x', String(x));
  element.setAttribute('y', String(y));
  element.setAttribute('fill', color);
  element.setAttribute('font-family', fontFamily);
  element.setAttribute('font-size', String(size));
  element.setAttribute('font-weight', weight);
  return element;
}

/** The plots of a chart card as one SVG document that stands alone: styles written in, a title, the legend in words. */
export function chartSvg(card: HTMLElement, title: string, note: string): string {
  const plots = [...card.querySelectorAll<HTMLElement>('.plot')];
  const whole = document.createElementNS(NAMESPACE, 'svg');
  let x = 0;
  let height = 0;
  for (const plot of plots) {
    const drawn = plot.querySelector('svg');
    if (!drawn) continue;
    const { width, height: tall } = drawn.getBoundingClientRect();
    const copy = drawn.cloneNode(true) as SVGSVGElement;
    inlineStyles(drawn, copy);
    const heading = plot.querySelector('.plot-title')?.textContent;
    if (heading) whole.append(text(heading, x + Y_AXIS_WIDTH, HEAD + 10, card, 12, '600'));
    copy.setAttribute('x', String(x));
    copy.setAttribute('y', String(HEAD + TITLE));
    copy.setAttribute('width', String(width));
    copy.setAttribute('height', String(tall));
    whole.append(copy);
    x += width + 8;
    height = Math.max(height, tall);
  }
  whole.append(text(title, 4, 16, card, 14, '700'), text(note, 4, 33, card, 11, '400'));
  const total = [Math.ceil(x), Math.ceil(HEAD + TITLE + height + 6)] as const;
  whole.setAttribute('xmlns', NAMESPACE);
  whole.setAttribute('width', String(total[0]));
  whole.setAttribute('height', String(total[1]));
  whole.setAttribute('viewBox', `0 0 ${total[0]} ${total[1]}`);
  const ground = document.createElementNS(NAMESPACE, 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', getComputedStyle(card).backgroundColor);
  whole.prepend(ground);
  return new XMLSerializer().serializeToString(whole);
}
