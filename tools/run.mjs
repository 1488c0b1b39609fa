// Runs a TypeScript tool in Node through Vite's module runner, so that the engine's `.wgsl?raw` imports and the
// tools see exactly the modules that the page sees: node tools/run.mjs [--gpu] tools/<tool>.ts [arguments]
// With --gpu a Vulkan loader is found for Dawn where the system has none.
import { createServer, createServerModuleRunner } from 'vite';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rerunWithVulkanLoader } from './node/vulkan-loader.mjs';

const words = process.argv.slice(2);
const needsGpu = words[0] === '--gpu';
const [entry, ...args] = needsGpu ? words.slice(1) : words;
if (!entry) {
  console.error('usage: node tools/run.mjs [--gpu] tools/<tool>.ts [arguments]');
  process.exit(2);
}
const status = needsGpu ? rerunWithVulkanLoader() : undefined;
if (status !== undefined) process.exit(status);
process.argv = [process.argv[0], resolve(entry), ...args];

const server = await createServer({
  configFile: false,
  root: resolve(import.meta.dirname, '..'),
  appType: 'custom',
  logLevel: 'warn',
  optimizeDeps: { noDiscovery: true, include: [] },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const runner = createServerModuleRunner(server.environments.ssr, { hmr: false });
let failed = false;
try {
  const tool = await runner.import(pathToFileURL(resolve(entry)).pathname);
  await tool.main?.(args);
} catch (error) {
  failed = true;
  console.error(error);
} finally {
  await runner.close();
  await server.close();
}
// Dawn keeps threads of its own alive: leave once the tool has said that it is done.
process.exit(failed ? 1 : (process.exitCode ?? 0));
