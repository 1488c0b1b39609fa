import { expect, test } from 'vitest';
import { LabError } from '../../contract/errors.ts';
import { testRandom } from '../../testing/random.ts';
import { readConfig } from '../config.ts';
import {
  CONFIG,
  goodFolder,
  openContents,
  randomTensors,
  shardedFolder,
  withIndex,
  type Contents,
} from './model-folder-fixture.ts';

/** Of each folder. */
const MUTATIONS = 1_000;
const random = testRandom(20_260);

/** One bit flipped, one byte replaced, or the end cut off. */
function mutated(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  const at = random.integer(copy.byteLength);
  switch (random.integer(3)) {
    case 0:
      copy[at]! ^= 1 << random.integer(8);
      return copy;
    case 1:
      copy[at] = random.integer(256);
      return copy;
    default:
      return copy.subarray(0, at);
  }
}

const bytesOf = (content: Uint8Array<ArrayBuffer> | string): Uint8Array<ArrayBuffer> =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** Where each tensor's data are in the original folder: changed data bytes are changed weights, not a fault. */
function places(folder: Contents): Map<string, { file: string; begin: number; end: number }> {
  const found = new Map<string, { file: string; begin: number; end: number }>();
  for (const [file, content] of folder) {
    if (!file.endsWith('.safetensors')) continue;
    const bytes = bytesOf(content);
    const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) as Record<
      string,
      { data_offsets: [number, number] }
    >;
    for (const [name, { data_offsets: offsets }] of Object.entries(header))
      if (name !== '__metadata__')
        found.set(name, { file, begin: start + offsets[0], end: start + offsets[1] });
  }
  return found;
}

test.each([
  ['one file', () => goodFolder()],
  [
    'shards',
    () => {
      const { contents, index } = shardedFolder();
      return withIndex(contents, index);
    },
  ],
])(
  'whatever is changed in a folder of %s, it opens as written or is refused',
  async (_, make) => {
    const folder = make();
    const expected = places(folder);
    expect(expected.size).toBe(randomTensors(readConfig(CONFIG), 'BF16').size);
    const files = [...folder.keys()];
    let [opened, refused] = [0, 0];
    for (let i = 0; i < MUTATIONS; i++) {
      const file = files[random.integer(files.length)]!;
      const contents: Contents = new Map([...folder, [file, mutated(bytesOf(folder.get(file)!))]]);
      try {
        const { checkpoint } = await openContents(contents);
        expect(checkpoint.tensors.size).toBe(expected.size);
        for (const [name, tensor] of checkpoint.tensors) {
          const { file: home, begin, end } = expected.get(name)!;
          const data = bytesOf(contents.get(home)!).subarray(begin, end);
          expect(Buffer.compare(await tensor.read(0, tensor.bytes), data), `${name} in ${file}`).toBe(0);
        }
        opened++;
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        const { file: named, consequence, nextStep } = error.fault;
        expect([...files, undefined]).toContain(named);
        expect(consequence.length * nextStep.length).toBeGreaterThan(0);
        refused++;
      }
    }
    // Changes of data bytes, and some of texts, cannot be detected here.
    expect(opened).toBeGreaterThan(MUTATIONS / 20);
    expect(refused).toBeGreaterThan(MUTATIONS / 4);
  },
  60_000,
);
