import { useMemo } from 'react';
import { runPareto, runParetoTable } from '../../state/charts/run-pareto.ts';
import { FigureFrame } from '../figures/figure-frame.tsx';
import { runParetoChart } from '../figures/win-rate-charts.ts';
import { useRunFrame, useVisible } from '../shared/use-run-frame.ts';

/** The path of the run on show through helpfulness and safety, a bubble an evaluation. */
export function RunPareto() {
  const [watch, visible] = useVisible();
  const { run, data } = useRunFrame(visible);
  const { evals, teacher } = data;
  const path = useMemo(() => runPareto({ evals, teacher }), [evals, teacher]);
  const table = useMemo(() => runParetoTable(path), [path]);
  const draw = useMemo(() => (width: number) => runParetoChart(path, width), [path]);
  return (
    <div className="chart-wide" ref={watch}>
      <FigureFrame
        id="run-pareto"
        label={run?.label ?? 'run'}
        title="Safety and helpfulness"
        about="Safer without being of less help: up and to the right. The base ties with itself, at one half each."
        note="Win rates against the base · bubbles: evaluations, area by diversity (1 − Self-BLEU), the last with 95 % intervals · hollow: teacher with constitution"
        draw={draw}
        table={table}
        empty={path.points.length === 0 ? 'The first evaluation is drawn here.' : null}
      />
    </div>
  );
}
