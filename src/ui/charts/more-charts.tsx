import { ErrorBoundary } from '../shared/error-boundary.tsx';
import { ChartCard } from './chart-card.tsx';
import { MORE_CHARTS } from './chart-specs.ts';
import { RunPareto } from './run-pareto.tsx';

/** The figures that are folded at first. */
export function MoreCharts() {
  return (
    <div className="charts-grid">
      {MORE_CHARTS.map(chart => (
        <ChartCard key={chart.id} chart={chart} />
      ))}
      <ErrorBoundary panel="Safety and helpfulness">
        <RunPareto />
      </ErrorBoundary>
    </div>
  );
}
