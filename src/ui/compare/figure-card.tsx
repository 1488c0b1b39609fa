import { useMemo } from 'react';
import { sharesBase, type RunGroup } from '../../state/compare/groups.ts';
import { FigureFrame } from '../figures/figure-frame.tsx';
import type { FigureOptions, FigureSpec } from './compare-figures.ts';
import { OptionChoice } from './option-choice.tsx';
import { ScoreTableView } from './score-table-view.tsx';

interface FigureCardProps {
  readonly spec: FigureSpec;
  readonly groups: readonly RunGroup[];
  readonly options: FigureOptions;
  onOptions(options: FigureOptions): void;
}

/** A figure of Compare, made of the chosen groups. */
export function FigureCard({ spec, groups, options, onOptions }: FigureCardProps) {
  const { id, title, about, note, option } = spec;
  const { draw, scores, table, empty } = useMemo(() => spec.make(groups, options), [spec, groups, options]);
  return (
    <FigureFrame
      id={id}
      title={title}
      about={about}
      note={note}
      draw={draw}
      table={table}
      empty={empty}
      label="compare"
      remark={
        sharesBase(groups) ? '' : '. These runs began from different weights: the base is that of the first'
      }
      choices={option && <OptionChoice option={option} options={options} onOptions={onOptions} />}
      {...(scores && { shownTable: <ScoreTableView title={title} scores={scores} /> })}
    />
  );
}
