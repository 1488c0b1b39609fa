import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addCounts, playwrightCounts, vitestCounts, type Counts } from './test-counts.ts';

interface Stage {
  /** The npm script to run. */
  readonly script: string;
  readonly title: string;
  /** Arguments of each process, where several share its files; one process without arguments unless given. */
  readonly shares?: readonly (readonly string[])[];
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

/** Stages that do without each other's results stand side by side, each line of them in turn. */
const STAGES: readonly (readonly (readonly Stage[])[])[] = [
  [
    // One thread, for as long as all of the other line.
    [{ script: 'format:check', title: 'Format' }],
    [
      { script: 'lint', title: 'Lint' },
      { script: 'typecheck', title: 'Types' },
      { script: 'knip', title: 'Unused files, exports and packages' },
      { script: 'build', title: 'Build' },
      { script: 'budget', title: 'Size of the first load' },
    ],
  ],
  [[{ script: 'test:unit', title: 'Unit tests', report: vitestReport }]],
  [[{ script: 'browser', title: 'Browser' }]],
  [
    [
      {
        script: 'test:gpu',
        title: 'WebGPU tests in Chromium',
        // The software GPU compiles kernels in one thread of a browser, which is most of the time here: two browsers, two cores. What
        // one file has compiled serves all others of its browser. These two folders compile the most, and take half of the time.
        shares: [
          ['src/kernels/divergence/', 'src/kernels/attention/'],
          ['--exclude=src/kernels/divergence/**', '--exclude=src/kernels/attention/**'],
        ],
        report: vitestReport,
      },
    ],
  ],
  [
    [
      {
        script: 'test:e2e',
        title: 'End-to-end tests in Chromium',
        report: { args: () => [], counts: playwrightCounts, variable: 'E2E_REPORT' },
      },
    ],
  ],
];

const ROOT = resolve(import.meta.dirname, '../..');
const REPORTS = join(ROOT, 'test-results', 'reports');

interface Result {
  readonly passed: boolean;
  readonly counts: Counts;
}

const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

interface Process {
  readonly stage: Stage;
  readonly name: string;
  readonly args: readonly string[];
  /** Whether it writes to the terminal at once, or when it has ended: beside others its lines would mix with theirs. */
  readonly alone: boolean;
}

async function runProcess({
  stage: { script, report, shares },
  name,
  args,
  alone,
}: Process): Promise<Result> {
  const file = join(REPORTS, `${name}.json`);
  const child = spawn('npm', ['run', '--silent', script, '--', ...(report?.args(file) ?? []), ...args], {
    cwd: ROOT,
    stdio: ['ignore', alone ? 'inherit' : 'pipe', alone ? 'inherit' : 'pipe'],
    env: {
      ...process.env,
      // This process runs under a development server's NODE_ENV; each stage sets its own.
      NODE_ENV: undefined,
      ...(report?.variable && { [report.variable]: file }),
      // Two processes filling one cache at once would remove each other's files.
      ...(shares && { TEST_CACHE: join('node_modules', '.vite', name) }),
    },
    shell: process.platform === 'win32',
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => said.push(data));
  const [status] = (await once(child, 'close')) as [number | null];
  process.stdout.write(Buffer.concat(said));
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

const both = (a: Result, b: Result): Result => ({
  passed: a.passed && b.passed,
  counts: addCounts(a.counts, b.counts),
});

async function runStage(stage: Stage, alone: boolean): Promise<Result> {
  const { script, title, shares = [[]] } = stage;
  const start = performance.now();
  if (alone) console.log(`\n== ${title} (npm run ${script})`);
  const results = await Promise.all(
    shares.map((args, index) => {
      const name = script.replace(':', '-') + (shares.length > 1 ? `-${index + 1}` : '');
      return runProcess({ stage, name, args, alone });
    }),
  );
  const result = results.reduce(both);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`== ${title}: ${result.passed ? 'passed' : 'FAILED'} after ${seconds} s`);
  if (!result.passed) console.log(`\nStopped at "${title}"; run it alone with: npm run ${script}`);
  return result;
}

/** One stage after another, up to the first that fails. */
async function runLine(stages: readonly Stage[], alone: boolean): Promise<Result> {
  let total: Result = { passed: true, counts: NONE };
  for (const stage of stages) {
    if (!total.passed) break;
    total = both(total, await runStage(stage, alone));
  }
  return total;
}

/** `npm test`: every check, up to the first that fails, and the number of tests over all of them. */
export async function main(): Promise<void> {
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });
  let total: Result = { passed: true, counts: NONE };
  for (const lines of STAGES) {
    if (!total.passed) break;
    const results = await Promise.all(lines.map(stages => runLine(stages, lines.length === 1)));
    total = results.reduce(both, total);
  }
  if (!total.passed) process.exitCode = 1;
  const { passed, failed, skipped } = total.counts;
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}
