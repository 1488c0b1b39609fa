import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serveSite } from './serve.ts';

/** How to open an address in the user's browser, or undefined where nobody sits in front of a screen. */
function opener(): [string, ...string[]] | undefined {
  if (process.env['CI'] || !process.stdout.isTTY) return undefined;
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['cmd', '/c', 'start', ''];
  return process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] ? ['xdg-open'] : undefined;
}

function openBrowser(url: string): void {
  const [command, ...args] = opener() ?? [];
  if (!command) return;
  const browser = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  // The address has been printed; a missing opener is no failure.
  browser.on('error', () => undefined);
  browser.unref();
}

/** The second half of `npm start`: serves the built page on this machine and opens it. Ends on Ctrl-C. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { port: { type: 'string', default: '4173' }, 'no-open': { type: 'boolean', default: false } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(
      `--port is ${values.port}; a whole number from 0 to 65535 is needed. Nothing was started.`,
    );
  const site = await serveSite({ root: resolve(import.meta.dirname, '../../dist'), port });
  console.log(`\nCOPSD Lab runs at ${site.url}\nPress Ctrl-C to stop.`);
  if (!values['no-open']) openBrowser(site.url);
  await new Promise<void>(done => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  await site.close();
}
