import { DrawingSvg } from '../figures/chart-view.tsx';
import { marker } from '../figures/series.ts';

const SIDE = 16;

interface GroupMarkerProps {
  /** Index among the groups. */
  readonly group: number;
  /** As the figures have teachers. */
  readonly hollow?: boolean;
}

/** A group's marker in its colour, as the figures have it. */
export function GroupMarker({ group, hollow = false }: GroupMarkerProps) {
  const shapes = [marker(group, SIDE / 2, SIDE / 2, 5, hollow)];
  return <DrawingSvg drawing={{ width: SIDE, height: SIDE, shapes, label: '' }} />;
}
