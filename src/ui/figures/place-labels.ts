import { SMALL_TEXT, text, textWidth, type TextShape } from './drawing.ts';
import type { Box } from './chart.ts';

/** A name that wants to stand beside a mark. */
export interface LabelRequest {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Room that the mark takes around its middle. */
  readonly radius: number;
  readonly bold?: boolean;
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top));

/** Places beside a mark, nearest and most usual first. */
function candidates({ text: content, x, y, radius }: LabelRequest): readonly Box[] {
  const width = textWidth(content, SMALL_TEXT) + 4;
  const height = SMALL_TEXT + 3;
  return [0, height, 2 * height].flatMap(away => {
    const side = radius + 4;
    const tops = away === 0 ? [y - height / 2] : [y - height / 2 - away, y - height / 2 + away];
    return [
      ...tops.map(top => ({ left: x + side, top, width, height })),
      ...tops.map(top => ({ left: x - side - width, top, width, height })),
      { left: x - width / 2, top: y - side - height - away, width, height },
      { left: x - width / 2, top: y + side + away, width, height },
    ];
  });
}

/**
 * Labels beside their marks, each where it covers the least of the marks, of `obstacles`, of the labels
 * before it and of what lies outside `box`.
 * Greedy: the first ones have the best places.
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  box: Box,
  obstacles: readonly Box[] = [],
): readonly TextShape[] {
  const marks = requests.map(({ x, y, radius }) => ({
    left: x - radius,
    top: y - radius,
    width: 2 * radius,
    height: 2 * radius,
  }));
  const taken: Box[] = [...marks, ...obstacles];
  return requests.map(request => {
    const cost = (place: Box): number => {
      const inside = overlap(place, box);
      const covered = taken.reduce((sum, other) => sum + overlap(place, other), 0);
      return covered + 8 * (place.width * place.height - inside);
    };
    let best = candidates(request)[0]!;
    let least = cost(best);
    for (const place of candidates(request)) {
      const own = cost(place);
      if (own < least - 0.5) [best, least] = [place, own];
    }
    taken.push(best);
    return text(request.text, best.left + 2, best.top + best.height - 4, {
      tone: 'ink',
      rim: true,
      ...(request.bold && { bold: true }),
    });
  });
}
