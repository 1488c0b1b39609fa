import type { RunGroup } from '../../src/state/compare/groups.ts';
import { FIGURES, type FigureOptions } from '../../src/ui/compare/compare-figures.ts';
import { chartSvg } from '../../src/ui/figures/svg-text.ts';

export interface RenderOptions extends Partial<FigureOptions> {
  readonly title?: string;
  /** Width of the drawing in CSS pixels, without its margin. */
  readonly width?: number;
}

/**
 * A figure of Compare, by its id, as an SVG document: the same charts that the page shows. `groupRuns` of
 * src/state/compare/groups.ts makes groups of run records; up to five have colours of their own. The same groups give the same text.
 * @throws for a figure that is no drawing
 */
export function renderFigure(id: string, groups: readonly RunGroup[], options: RenderOptions = {}): string {
  const { title, width = 900, progress = 'steps', expressiveness = 'withRefusals' } = options;
  const spec = FIGURES.find(figure => figure.id === id);
  const chart = spec?.make(groups, { progress, expressiveness }).draw?.(width);
  if (!spec || !chart) throw new Error(`Compare draws no figure “${id}”`);
  return chartSvg(chart, { title: title ?? spec.title, note: spec.note });
}
