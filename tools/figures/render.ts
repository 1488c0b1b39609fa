import type { ExpressivenessAxis } from '../../src/record/geometry-record.ts';
import { barsFigure } from '../../src/state/compare/bars.ts';
import { dynamicsFigure, type ProgressAxis } from '../../src/state/compare/dynamics.ts';
import { geometryFigure } from '../../src/state/compare/geometry.ts';
import type { RunGroup } from '../../src/state/compare/groups.ts';
import { paretoFigure } from '../../src/state/compare/pareto.ts';
import { radarFigure } from '../../src/state/compare/radar.ts';
import { barsDrawing } from '../../src/ui/figures/bars-drawing.ts';
import type { Drawing } from '../../src/ui/figures/drawing.ts';
import { dynamicsDrawing } from '../../src/ui/figures/dynamics-drawing.ts';
import { geometryDrawing } from '../../src/ui/figures/geometry-drawing.ts';
import { NOTES } from '../../src/ui/figures/notes.ts';
import { paretoDrawing } from '../../src/ui/figures/pareto-drawing.ts';
import { radarDrawing } from '../../src/ui/figures/radar-drawing.ts';
import { drawingSvg } from '../../src/ui/figures/svg-text.ts';

export interface RenderOptions {
  readonly title?: string;
  /** Width of the drawing in CSS pixels, without its margin. */
  readonly width?: number;
}

const svg = (drawing: Drawing, note: string, usual: string, { title }: RenderOptions): string =>
  drawingSvg(drawing, { title: title ?? usual, note });

/*
 * The paper's figures of recorded runs as SVG documents: what Compare shows in the page, from the same figures and drawings.
 * `groupRuns` of src/state/compare/groups.ts makes groups of run records; up to five have colours of their own. The same groups
 * give the same text.
 */

/** Helpfulness win rate × safety win rate, bubbles by diversity. */
export const renderPareto = (groups: readonly RunGroup[], options: RenderOptions = {}): string =>
  svg(
    paretoDrawing(paretoFigure(groups), options.width ?? 760),
    NOTES.pareto,
    'Safety and helpfulness',
    options,
  );

/** Length, entropy, refusals, unsafe and rich answers along the training, on an axis of steps, tokens or seconds. */
export const renderDynamics = (
  groups: readonly RunGroup[],
  { axis = 'steps', ...options }: RenderOptions & { readonly axis?: ProgressAxis } = {},
): string =>
  svg(
    dynamicsDrawing(dynamicsFigure(groups, axis), options.width ?? 900),
    NOTES.dynamics,
    'Training dynamics',
    options,
  );

/** Base, teacher and student on six measures. */
export const renderBars = (groups: readonly RunGroup[], options: RenderOptions = {}): string =>
  svg(barsDrawing(barsFigure(groups), options.width ?? 900), NOTES.bars, 'Teacher against student', options);

/** The ends of training on six axes, outward good. */
export const renderRadar = (groups: readonly RunGroup[], options: RenderOptions = {}): string =>
  svg(radarDrawing(radarFigure(groups), options.width ?? 600), NOTES.radar, 'Ablations', options);

/** The students' way through the plane of safety and expressiveness. */
export const renderGeometry = (
  groups: readonly RunGroup[],
  { axis = 'withRefusals', ...options }: RenderOptions & { readonly axis?: ExpressivenessAxis } = {},
): string =>
  svg(
    geometryDrawing(geometryFigure(groups, axis), options.width ?? 760),
    NOTES.geometry,
    'Path through safety and expressiveness',
    options,
  );
