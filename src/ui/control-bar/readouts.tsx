import { gpuAdapterName, formatBytes, formatDuration } from '../../contract/format.ts';
import { useConfig, useCurrentRun, useRuns } from '../shared/lab-context.ts';

/** What the run costs: time left, GPU, memory, speed; and the seed that repeats it. */
export function Readouts() {
  const run = useCurrentRun();
  const rate = useRuns(state => state.rate);
  const gpu = useRuns(state => state.gpu);
  const info = useRuns(state => state.info);
  const memory = useRuns(state => state.memory);
  const planned = useConfig(state => state.draft.seed);
  const running = run?.status === 'running';
  const seconds = running ? rate?.remainingSeconds : null;
  const name = info ? gpuAdapterName(info.gpuAdapter) : gpu.kind === 'ready' ? gpu.name : null;
  const device = name ?? (gpu.kind === 'none' ? 'none' : 'looking');
  return (
    <dl className="readouts">
      <div>
        <dt>Time left</dt>
        <dd>{seconds === null || seconds === undefined ? '–' : formatDuration(seconds)}</dd>
      </div>
      <div>
        <dt>Tokens/s</dt>
        <dd>{rate ? Math.round(rate.tokensPerSecond).toLocaleString('en-US') : '–'}</dd>
      </div>
      <div>
        <dt>Seed</dt>
        <dd>{String(run?.config.seed ?? planned)}</dd>
      </div>
      <div className="readouts-gpu">
        <dt>GPU{info?.software && ' (software)'}</dt>
        <dd title={device}>{device}</dd>
      </div>
      <div>
        <dt>GPU memory</dt>
        <dd title={memory ? `at most ${formatBytes(memory.peakGpuBytes)}` : undefined}>
          {memory ? formatBytes(memory.gpuBytes) : '–'}
        </dd>
      </div>
    </dl>
  );
}
