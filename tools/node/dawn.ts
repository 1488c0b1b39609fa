import { existsSync, readdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Dawn shuts down with its `GPU` object, even while adapters and devices exist: keep each one. */
const kept: GPU[] = [];

const MANIFEST_FOLDERS = [
  '/usr/share/vulkan/icd.d',
  '/etc/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
  '/usr/local/nvidia/share/vulkan/icd.d',
  join(homedir(), '.local/share/vulkan/icd.d'),
];
const CHROMIUM_FOLDERS = [
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/opt/google/chrome',
  '/usr/lib64/chromium-browser',
];
const SOFTWARE_MANIFEST = /^(lvp|vk_swiftshader|gfxstream|virtio)/;

function manifests(kind: 'hardware' | 'lavapipe'): string[] {
  return MANIFEST_FOLDERS.filter(folder => existsSync(folder)).flatMap(folder =>
    readdirSync(folder)
      .filter(name => name.endsWith('.json'))
      .filter(name => (kind === 'lavapipe' ? name.startsWith('lvp') : !SOFTWARE_MANIFEST.test(name)))
      .map(name => join(folder, name)),
  );
}

/** Drivers to offer the Vulkan loader, best first; undefined leaves the choice to the loader. */
function* driverChoices(): Generator<{ icds: string[] | undefined; software: boolean }> {
  const named = process.env['VK_ICD_FILENAMES'] ?? process.env['VK_DRIVER_FILES'];
  if (process.platform !== 'linux' || named) return yield { icds: undefined, software: true };
  const card = existsSync('/dev/dri') || existsSync('/dev/nvidiactl');
  yield { icds: undefined, software: !card };
  if (card) yield { icds: manifests('hardware'), software: false };
  yield { icds: manifests('lavapipe'), software: true };
  const shipped = CHROMIUM_FOLDERS.map(folder => join(folder, 'vk_swiftshader_icd.json'));
  yield { icds: shipped.filter(path => existsSync(path)), software: true };
}

/**
 * WebGPU in Node through Dawn: on a graphics card if there is one, else on Mesa's lavapipe, else on the SwiftShader that an installed
 * Chromium ships. A driver named by VK_ICD_FILENAMES or VK_DRIVER_FILES is taken as it is. Defines the WebGPU constants (`GPUBufferUsage`
 * …) on `globalThis`, and sets VK_ICD_FILENAMES and XDG_RUNTIME_DIR in this process, which must not be a worker thread: the Vulkan loader
 * reads the real environment.
 * @throws when no driver gives an adapter, saying what to install.
 */
export async function openDawn(): Promise<GPU> {
  process.env['XDG_RUNTIME_DIR'] ??= tmpdir();
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  for (const { icds, software } of driverChoices()) {
    if (icds?.length === 0) continue;
    if (icds) process.env['VK_ICD_FILENAMES'] = icds.join(':');
    const gpu = create([]);
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter && (software || !adapter.info.isFallbackAdapter)) {
      kept.push(gpu);
      return gpu;
    }
    if (icds) delete process.env['VK_ICD_FILENAMES'];
  }
  throw new Error(
    'E_DAWN_ADAPTER: no Vulkan driver gives a WebGPU adapter, so nothing was run. Install a software driver ' +
      '(Debian: apt-get install libvulkan1 mesa-vulkan-drivers), or name one: VK_ICD_FILENAMES=/path/to/icd.json',
  );
}
