import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addCounts, playwrightCounts, vitestCounts, type Counts } from './test-counts.ts';

interface Stage {
  /** The npm script that does it. */
  readonly script: string;
  readonly title: string;
  /** Set on stages that run tests: how they write their report to a file, and how it is read. */
  readonly report?: {
    readonly args: (file: string) => string[];
    readonly counts: (json: string) => Counts;
    /** Environment variable that takes the file's path, where no argument does. */
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
  { script: 'test:gpu', title: 'WebGPU tests in Chromium', report: vitestReport },
  { script: 'build', title: 'Build' },
  { script: 'budget', title: 'Size of the first load' },
  {
    script: 'test:e2e',
    title: 'End-to-end tests in Chromium',
    report: { args: () => [], counts: playwrightCounts, variable: 'E2E_REPORT' },
  },
];

const ROOT = resolve(import.meta.dirname, '..');
const REPORTS = join(ROOT, 'test-results', 'reports');

function runStage({ script, report }: Stage, total: Counts): { passed: boolean; total: Counts } {
  const file = join(REPORTS, `${script.replace(':', '-')}.json`);
  const { status } = spawnSync('npm', ['run', '--silent', script, '--', ...(report?.args(file) ?? [])], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    // This process runs under a development server's NODE_ENV; each stage sets its own.
    env: { ...process.env, NODE_ENV: undefined, ...(report?.variable && { [report.variable]: file }) },
    shell: process.platform === 'win32',
  });
  const passed = status === 0;
  if (!report) return { passed, total };
  let counts: Counts;
  try {
    counts = report.counts(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`${script} left no report that can be read: ${String(error)}`);
    return { passed: false, total: addCounts(total, { passed: 0, failed: 1, skipped: 0 }) };
  }
  // A file that does not load fails the run without failing a test.
  const failed = passed ? counts.failed : Math.max(counts.failed, 1);
  return { passed: passed && failed === 0, total: addCounts(total, { ...counts, failed }) };
}

/** `npm test`: every check in turn, up to the first that fails, and the number of tests over all of them. */
export function main(): void {
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });
  let total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const stage of STAGES) {
    console.log(`\n== ${stage.title} (npm run ${stage.script})`);
    const start = performance.now();
    const result = runStage(stage, total);
    total = result.total;
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
