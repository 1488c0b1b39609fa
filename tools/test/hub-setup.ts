import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { serveHub } from '../../src/testing/hub-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of a local hub with one model, `lab/world-s`. */
    readonly hubUrl: string;
  }
}

const FOLDER = resolve(import.meta.dirname, '../../public/models/world-s');
const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];

/** Starts a hub for browser tests, which cannot start one themselves. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const files = Object.fromEntries(FILES.map(name => [name, readFileSync(join(FOLDER, name))]));
  const server = await serveHub([{ id: 'lab/world-s', files }]);
  project.provide('hubUrl', server.url);
  return () => server.close();
}
