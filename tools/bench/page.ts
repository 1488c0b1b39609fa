import { meterDevices, type DeviceMeter } from './gpu-meter.ts';
import { headPart } from './head.ts';
import { PARTS, type BenchOptions, type BenchPart, type PageReport, type PartName } from './report.ts';
import { rolloutPart } from './rollout.ts';

type MeterOf = (device: GPUDevice) => DeviceMeter;

const SETUPS: Record<PartName, (meterOf: MeterOf, options: BenchOptions) => Promise<BenchPart>> = {
  trainStep: async meterOf => (await import('./train-step.ts')).trainStepPart(meterOf),
  rollout: rolloutPart,
  head: headPart,
};

/** Runs in the page: sets all parts up, then measures each once a round. Progress goes to the console. */
export async function run(options: BenchOptions): Promise<PageReport> {
  const { parts, rounds } = options;
  const meterOf = meterDevices(globalThis);
  const start = performance.now();
  const tell = (text: string): void =>
    console.log(`${((performance.now() - start) / 1000).toFixed(0).padStart(5)} s  ${text}`);
  const ready: BenchPart[] = [];
  for (const name of PARTS.filter(part => parts.includes(part))) {
    tell(`${name}: set up and checked first`);
    ready.push(await SETUPS[name](meterOf, options));
  }
  for (let round = 1; round <= rounds; round++) {
    tell(`round ${round} of ${rounds}`);
    for (const part of ready) await part.round();
  }
  tell('done');
  const info = (await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }))?.info;
  return Object.assign(
    { adapter: [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(' ') },
    ...ready.map(part => part.report()),
  ) as PageReport;
}
