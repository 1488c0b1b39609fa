import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addCounts, playwrightCounts, vitestCounts, type Counts } from './test-counts.ts';

interface Stage {
  /** The npm script to run. */
  readonly script: string;
  readonly title: string;
  /** Number of parallel processes, each with a share of the files; default 1. Only Vitest has shards. */
  readonly processes?: number;
  /** Set on stages that run tests: how they write their report to a file, and how it is read. */
  readonly report?: {
    readonly args: (file: string) => string[];
    readonly counts: (json: string) => Counts;
    /** Environment variable for the file's path, where there is no argument for it. */
    readonly variable?: string;
  };
}

const vitestReport = {
  args: (file: string) => ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
  counts: vitestCounts,
};

const STAGES: Stage[] = [
  { script: 'format:check', title: 'Format' },
  { script: 'lint', title: 'Lint' },
  { script: 'typecheck', title: 'Types' },
  { script: 'knip', title: 'Unused files, exports and packages' },
  { script: 'test:unit', title: 'Unit tests', report: vitestReport },
  { script: 'browser', title: 'Browser' },
  // The software GPU compiles kernels in one thread of a browser, which is most of the time here: two browsers, two cores.
  { script: 'test:gpu', title: 'WebGPU tests in Chromium', processes: 2, report: vitestReport },
  { script: 'build', title: 'Build' },
  { script: 'budget', title: 'Size of the first load' },
  {
    script: 'test:e2e',
    title: 'End-to-end tests in Chromium',
    report: { args: () => [], counts: playwrightCounts, variable: 'E2E_REPORT' },
  },
];

const ROOT = resolve(import.meta.dirname, '../..');
const REPORTS = join(ROOT, 'test-results', 'reports');

interface Result {
  readonly passed: boolean;
  readonly counts: Counts;
}

const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

async function runStage(stage: Stage): Promise<Result> {
  const { processes = 1 } = stage;
  const shares = Array.from({ length: processes }, (_, index) => runShare(stage, index + 1, processes));
  return (await Promise.all(shares)).reduce((a, b) => ({
    passed: a.passed && b.passed,
    counts: addCounts(a.counts, b.counts),
  }));
}

async function runShare({ script, report }: Stage, index: number, processes: number): Promise<Result> {
  const isShare = processes > 1;
  const name = script.replace(':', '-') + (isShare ? `-${index}` : '');
  const file = join(REPORTS, `${name}.json`);
  const args = [...(report?.args(file) ?? []), ...(isShare ? [`--shard=${index}/${processes}`] : [])];
  const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      // This process runs under a development server's NODE_ENV; each stage sets its own.
      NODE_ENV: undefined,
      ...(report?.variable && { [report.variable]: file }),
      // Two processes filling one cache at once would remove each other's files.
      ...(isShare && { TEST_CACHE: join('node_modules', '.vite', name) }),
    },
    shell: process.platform === 'win32',
  });
  const [status] = (await once(child, 'close')) as [number | null];
  const passed = status === 0;
  if (!report) return { passed, counts: NONE };
  try {
    const counts = report.counts(readFileSync(file, 'utf8'));
    // A file that does not load fails the run without failing a test.
    const failed = passed ? counts.failed : Math.max(counts.failed, 1);
    return { passed: passed && failed === 0, counts: { ...counts, failed } };
  } catch (error) {
    console.error(`${script} left no readable report: ${String(error)}`);
    return { passed: false, counts: { ...NONE, failed: 1 } };
  }
}

/** `npm test`: every check in turn, up to the first that fails, and the number of tests over all of them. */
export async function main(): Promise<void> {
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });
  let total = NONE;
  for (const stage of STAGES) {
    console.log(`\n== ${stage.title} (npm run ${stage.script})`);
    const start = performance.now();
    const result = await runStage(stage);
    total = addCounts(total, result.counts);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`== ${stage.title}: ${result.passed ? 'passed' : 'FAILED'} after ${seconds} s`);
    if (!result.passed) {
      console.log(`\nStopped at "${stage.title}"; run it alone with: npm run ${stage.script}`);
      process.exitCode = 1;
      break;
    }
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
}
