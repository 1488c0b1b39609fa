import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { deflateSync, unzipSync, zipSync, type Zippable } from 'fflate';
import { expect, it } from 'vitest';
import { testRandom } from '../../testing/random.ts';
import { readBundleFile } from './bundle-read.ts';
import { unfoldEntry } from './unfold-entry.ts';
import { filesOfZip, writeBundle, type BundleFile } from './bundle-write.ts';
import { fixtureRecord } from '../../record/record-fixture.ts';

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
// As JSON has it: without the sign of a zero.
const RECORD = JSON.parse(JSON.stringify(fixtureRecord())) as unknown;
const RUN = encode(JSON.stringify(RECORD));

const listed = (files: Readonly<Record<string, Uint8Array>>): unknown => ({
  format: 'copsd-bundle',
  version: 1,
  files: Object.entries(files).map(([path, bytes]) => ({
    path,
    bytes: bytes.length,
    sha256: bytesToHex(sha256(bytes)),
  })),
});

function zipped(files: Readonly<Record<string, Uint8Array>>, manifest: unknown = listed(files)): Uint8Array {
  return zipSync({
    ...files,
    ...(manifest !== null && { 'manifest.json': encode(JSON.stringify(manifest)) }),
  });
}

async function codeOf(bytes: Uint8Array): Promise<string> {
  const outcome = await readBundleFile(new File([new Uint8Array(bytes)], 'x.zip'));
  return outcome.ok ? 'read' : outcome.fault.code;
}

const good = (): Uint8Array => zipped({ 'run.json': RUN, 'notes.txt': encode('hello') });

/** Bytes with a change at every place where `what` stands, `offset` bytes on. */
function patched(
  bytes: Uint8Array,
  signature: number,
  offset: number,
  value: number,
  size: 2 | 4,
): Uint8Array {
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  for (let at = 0; at + 4 <= copy.length; at += 1) {
    if (view.getUint32(at, true) !== signature) continue;
    if (size === 2) view.setUint16(at + offset, value, true);
    else view.setUint32(at + offset, value, true);
  }
  return copy;
}
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END = 0x06054b50;

it('opens what it has written, run and all', async () => {
  const weights = zipSync({ 'adapter_model.safetensors': new Uint8Array(5_000) }, { level: 0 });
  const files: readonly BundleFile[] = [
    { path: 'run.json', about: 'the run', content: RUN },
    { path: 'figures/ä.svg', about: 'a figure', content: '<svg/>' },
    ...filesOfZip(new Uint8Array(weights), 'adapter', 'the adapter'),
  ];
  const blob = await writeBundle(files);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  expect(Object.keys(unzipSync(bytes))).toEqual([
    'run.json',
    'figures/ä.svg',
    'adapter/adapter_model.safetensors',
    'README.txt',
    'manifest.json',
  ]);
  expect(await readBundleFile(new File([blob], 'b.zip'))).toEqual({ ok: true, value: RECORD });
  expect(new Uint8Array(await (await writeBundle(files)).arrayBuffer())).toEqual(bytes);
});

it('reads a zip that another program has packed', async () => {
  expect(await codeOf(good())).toBe('read');
});

it('refuses what is no zip, or was cut', async () => {
  expect(await codeOf(encode('hello'))).toBe('E_BUNDLE_ZIP');
  expect(await codeOf(new Uint8Array(0))).toBe('E_BUNDLE_ZIP');
  for (const share of [0.2, 0.6, 0.99]) {
    const bytes = good();
    expect(await codeOf(bytes.subarray(0, Math.floor(bytes.length * share)))).toBe('E_BUNDLE_ZIP');
  }
});

it('refuses a zip without a run, without a manifest, or with another manifest', async () => {
  const other = encode('x');
  expect(await codeOf(zipped({ 'a.txt': other }))).toBe('E_BUNDLE_NO_RUN');
  expect(await codeOf(zipped({ 'run.json': RUN }, null))).toBe('E_BUNDLE_MANIFEST');
  expect(await codeOf(zipped({ 'run.json': RUN }, { format: 'x' }))).toBe('E_BUNDLE_MANIFEST');
  expect(await codeOf(zipped({ 'run.json': RUN, 'a.txt': other }, listed({ 'run.json': RUN })))).toBe(
    'E_BUNDLE_MANIFEST',
  );
  expect(await codeOf(zipped({ 'run.json': RUN }, listed({ 'run.json': RUN, 'a.txt': other })))).toBe(
    'E_BUNDLE_MANIFEST',
  );
  expect(await codeOf(zipped({ 'run.json': RUN }, listed({ 'run.json': other })))).toBe('E_BUNDLE_HASH');
});

it('refuses names that leave the folder, hide, or come twice', async () => {
  const names = ['../a', '/a', 'a//b', 'C:/a', 'a\\b', 'a/../b', './a', 'a\u202eb', 'a\nb', 'x'.repeat(201)];
  for (const name of names)
    expect(await codeOf(zipped({ 'run.json': RUN, [name]: encode('x') })), name).toBe('E_BUNDLE_PATH');
  expect(await codeOf(zipped({ 'run.json': RUN, 'RUN.JSON': RUN }))).toBe('E_BUNDLE_DUPLICATE');
  expect(await codeOf(zipped({ 'run.json': RUN, 'a/': encode('x') }))).toBe('E_BUNDLE_PATH');
  // A name in the directory that is not the one where the file lies.
  const bytes = good();
  const copy = new Uint8Array(bytes);
  copy[30] = 'R'.charCodeAt(0);
  expect(await codeOf(copy)).toBe('E_BUNDLE_PATH');
});

it('refuses links, encryption, unknown compression and archives in several parts', async () => {
  const link: Zippable = { 'run.json': RUN, a: [encode('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] };
  expect(await codeOf(zipSync(link))).toBe('E_BUNDLE_PATH');
  expect(await codeOf(patched(good(), CENTRAL, 8, 1, 2))).toBe('E_BUNDLE_METHOD');
  expect(await codeOf(patched(good(), CENTRAL, 10, 12, 2))).toBe('E_BUNDLE_METHOD');
  expect(await codeOf(patched(good(), END, 4, 1, 2))).toBe('E_BUNDLE_ZIP');
  expect(await codeOf(patched(good(), END, 10, 0xffff, 2))).toBe('E_BUNDLE_ZIP');
});

it('refuses zip bombs by what they declare and by what they unfold to', async () => {
  expect(await codeOf(patched(good(), CENTRAL, 24, 0x7fff_ffff, 4))).toBe('E_BUNDLE_TOO_LARGE');
  expect(await codeOf(patched(good(), CENTRAL, 24, 100, 4))).toBe('E_BUNDLE_SIZE');
  expect(await codeOf(patched(good(), CENTRAL, 24, RUN.length + 1, 4))).toBe('E_BUNDLE_SIZE');
  // Four megabytes that call themselves a kilobyte.
  const data = deflateSync(new Uint8Array(4_000_000), { level: 9 });
  expect(() => unfoldEntry('x.zip', { path: 'zeros', data, deflated: true, size: 1_000 })).toThrow(
    'E_BUNDLE_SIZE: x.zip: it declares 1,000 bytes and unfolds to more (zeros)',
  );
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, encode('x')]));
  expect(await codeOf(zipped({ 'run.json': RUN, ...many }))).toBe('E_BUNDLE_ENTRIES');
});

it('refuses files that lie on one another', async () => {
  const inner = zipSync({ 'b.txt': encode('x') }, { level: 0 });
  const bytes = new Uint8Array(zipSync({ 'run.json': inner, 'b.txt': encode('x') }, { level: 0 }));
  const view = new DataView(bytes.buffer);
  const places = (signature: number): number[] =>
    Array.from({ length: bytes.length - 4 }, (_, at) => at).filter(
      at => view.getUint32(at, true) === signature,
    );
  const [, quoted] = places(LOCAL);
  // The second file is said to lie within the first.
  view.setUint32(places(CENTRAL).at(-1)! + 42, quoted!, true);
  expect(await codeOf(bytes)).toBe('E_BUNDLE_OVERLAP');
});

it('answers with a fault of its own, whatever is done to a bundle', { timeout: 60_000 }, async () => {
  const { integer: random } = testRandom(7);
  const bytes = zipped({ 'run.json': encode('{"format":"copsd-run","version":9}'), 'a.txt': encode('a') });
  for (let i = 0; i < 500; i += 1) {
    const copy = new Uint8Array(bytes);
    for (let n = random(4); n >= 0; n -= 1) copy[random(copy.length)] = random(256);
    expect(await codeOf(copy.subarray(0, i % 5 === 0 ? random(copy.length) : copy.length))).toMatch(
      /^E_(BUNDLE_(?!READ)[A-Z_]+|RUN_FILE_VERSION)$/,
    );
  }
});

it('hands on what the run’s own reader says', async () => {
  const run = encode('{"format":"copsd-run","version":1}');
  expect(await codeOf(zipped({ 'run.json': run }))).toBe('E_RUN_FILE_VERSION');
  expect(await codeOf(zipped({ 'run.json': encode('{') }))).toBe('E_RUN_FILE_JSON');
});
