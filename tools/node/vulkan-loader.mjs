import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Folders of browsers that ship a Vulkan loader beside their software adapter. */
const BROWSERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];

/**
 * Dawn loads `libvulkan.so.1` from where the system finds libraries, which a process cannot change for itself. Where the
 * system has none but an installed browser does, runs this command again with the browser's folder among the libraries and
 * returns its exit status; else returns undefined.
 */
export function rerunWithVulkanLoader() {
  if (process.platform !== 'linux' || process.env['LD_LIBRARY_PATH']) return undefined;
  const { stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  if (!stdout || stdout.includes('libvulkan.so.1')) return undefined;
  const folder = BROWSERS.find(path => existsSync(`${path}/libvulkan.so.1`));
  if (!folder) return undefined;
  const env = { ...process.env, LD_LIBRARY_PATH: folder };
  return spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' }).status ?? 1;
}
