import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

/** Names one browser for all tests; nothing else is tried when it is set. */
const OVERRIDE = 'CHROMIUM_PATH';

/**
 * WebGPU on the software adapter that every Chromium ships, so that results do not depend on the machine, and without network traffic.
 */
export const CHROMIUM_ARGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ['/usr/bin', '/usr/local/bin', '/snap/bin'].flatMap(folder => NAMES.map(name => join(folder, name))),
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(name => {
    const folder = process.env[name];
    return folder ? [join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')] : [];
  }),
};

/**
 * The Chromium or Chrome on this machine: the one that `CHROMIUM_PATH` names, else one on PATH or in a usual place, else the one that
 * Playwright has downloaded, else undefined. Only looks; starts and installs nothing.
 * @throws when `CHROMIUM_PATH` is not a file.
 */
export function findChromium(
  env: NodeJS.ProcessEnv = process.env,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  const named = env[OVERRIDE];
  if (named) {
    if (!exists(named)) throw new Error(`${OVERRIDE} is ${named}, but there is no such file.`);
    return named;
  }
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap(folder => NAMES.map(name => join(folder, name)));
  return [...onPath, ...(PLACES[process.platform] ?? []), chromium.executablePath()].find(exists);
}

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Installs Debian's `chromium` where that needs no password. Returns whether it was tried. */
function installOnDebian(): boolean {
  if (process.platform !== 'linux' || !succeeds('apt-get', '--version')) return false;
  const root = process.getuid?.() === 0;
  if (!root && !succeeds('sudo', '-n', 'true')) return false;
  console.log("No Chromium here: installing Debian's package `chromium`.");
  const aptGet = (...args: string[]): void => {
    const command = [
      ...(root ? [] : ['sudo', '-n']),
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      ...args,
    ];
    execFileSync(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  aptGet('update');
  aptGet('install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation');
  return true;
}

/**
 * As `findChromium`, but installs Debian's package where there is none and checks that the browser starts.
 * @throws with what to install when there is no browser and none can be installed.
 */
export function ensureChromium(): string {
  const path = findChromium() ?? (installOnDebian() ? findChromium() : undefined);
  if (!path)
    throw new Error(
      'The browser tests need Chromium or Chrome 113 or newer, and there is none on PATH or in the usual places. ' +
        `Install one (Debian: apt-get install chromium), or name it: ${OVERRIDE}=/path/to/chrome npm test`,
    );
  if (process.platform !== 'win32' && !succeeds(path, '--version'))
    throw new Error(
      `${path} does not start (\`${path} --version\` failed). Name another one with ${OVERRIDE}.`,
    );
  return path;
}

/** `npm run browser`: prints the browser that the tests use, installing it where possible. */
export function main(): void {
  console.log(ensureChromium());
}
