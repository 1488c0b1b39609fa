import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { InferenceSession } from 'onnxruntime-web';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import { DeviceLostError } from '../gpu/readback.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { writeConfig } from '../model/config.ts';
import { engineModel, referenceLogits, referenceModel } from '../model/onnx/onnx-fixture.ts';
import { writeOnnx } from '../model/onnx/write-onnx.ts';
import { promptAndResponse } from '../model/packed-batch.ts';
import { assertClose } from '../testing/compare.ts';
import { tinyModel } from '../testing/tiny-decoder.ts';
import { readExternalShape } from './external-shape.ts';
import { openSession, type ExternalModelFiles } from './open-session.ts';
import { OrtDecoder } from './ort-decoder.ts';
import { probeSession } from './probe-session.ts';
import { scoreSequences } from './score.ts';

const { config, arrays } = engineModel(tinyModel({}, 5));
const model = writeOnnx(config, arrays, { precision: 'f32' });
const files: ExternalModelFiles = { name: 'tiny.onnx', config: writeConfig(config), model };
const shape = readExternalShape(files.config);

/** Node's unit tests have no device: this stands for one and keeps what is uploaded into `written`. */
function writingGpu(written: Float32Array): Gpu {
  return {
    lost: undefined,
    encoder: () => ({ submit: () => undefined }),
    write: (_: Tensor, data: Float32Array, start: number) => written.set(data, start),
    readback: { f32: async (_: Tensor, count: number) => written.slice(0, count) },
  } as unknown as Gpu;
}

const open = (changes: Partial<ExternalModelFiles> = {}): ReturnType<typeof openSession> =>
  openSession(writingGpu(new Float32Array(0)), { ...files, ...changes }, shape, 'wasm');

vi.setConfig({ testTimeout: 30_000 });

// Instantiating 27 MB of WebAssembly takes seconds on a busy machine.
beforeAll(async () => {
  const { session } = await open();
  await session.release();
}, 120_000);

describe('a tiny decoder on WebAssembly', () => {
  const sequences = [
    promptAndResponse(Uint32Array.of(1, 4, 6), Uint32Array.of(3, 5)),
    promptAndResponse(Uint32Array.of(1), Uint32Array.of(4, 2, 2, 5, 6, 1)),
    promptAndResponse(Uint32Array.of(5, 3), Uint32Array.of(2)),
  ];
  const whole = referenceLogits(
    referenceModel(config, arrays),
    sequences.map(({ ids }) => [...ids]),
  );
  const expected = sequences.flatMap(({ scoredStart, scored }, s) =>
    whole[s]!.slice(scoredStart - 1, scoredStart - 1 + scored.length).flatMap(row => [...row]),
  );

  test.each([
    { rows: 64, batch: 8, padded: true },
    { rows: 4, batch: 8, padded: true },
    { rows: 1, batch: 8, padded: true },
    { rows: 64, batch: 8, padded: false },
  ])('scores as the reference, whatever the batches: %j', async limits => {
    const opened = await open();
    const written = new Float32Array(expected.length);
    const gpu = writingGpu(written);
    const decoder = new OrtDecoder(gpu, undefined as never, { ...opened, file: 'tiny.onnx', shape });
    await scoreSequences(decoder, sequences, undefined as never, limits);
    assertClose(written, expected, 'f32Decoder');
    await decoder.release();
  });

  test('two sessions at once each give their own logits', async () => {
    const other = engineModel(tinyModel({}, 6));
    const sessions = [
      { opened: await open(), reference: referenceModel(config, arrays) },
      {
        opened: await open({ model: writeOnnx(other.config, other.arrays, { precision: 'f32' }) }),
        reference: referenceModel(other.config, other.arrays),
      },
    ];
    const ids = [1, 4, 6, 3];
    await Promise.all(
      Array.from({ length: 6 }, (_, i) => sessions[i % 2]!).map(async ({ opened, reference }) => {
        const decoder = new OrtDecoder(writingGpu(new Float32Array(0)), undefined as never, {
          ...opened,
          file: 'tiny.onnx',
          shape,
        });
        const holder = { past: undefined };
        const chunk = { ids: BigInt64Array.from(ids, BigInt), length: 4, padding: [0] };
        const logits = await decoder.run(holder, chunk);
        await decoder.forget(holder);
        const rows = referenceLogits(reference, [ids])[0]!;
        assertClose(
          logits as Float32Array,
          rows.flatMap(row => [...row]),
          'f32Decoder',
        );
      }),
    );
    for (const { opened } of sessions) await opened.session.release();
  });
});

describe('the probe of a model', () => {
  /** The tiny decoder as an export would be that reads its inputs in another way. */
  async function probe(
    misread: (feeds: Record<string, BigInt64Array>) => void,
    written = new Float32Array(8 * shape.vocab),
  ): Promise<boolean> {
    const opened = await open();
    const session = {
      release: () => opened.session.release(),
      run: (feeds: InferenceSession.FeedsType, fetches: InferenceSession.FetchesType) => {
        misread(
          Object.fromEntries(
            ['attention_mask', 'position_ids'].map(name => [name, feeds[name]!.data as BigInt64Array]),
          ),
        );
        return opened.session.run(feeds, fetches);
      },
    } as unknown as InferenceSession;
    const gpu = writingGpu(written);
    const memory = {
      scope: () => ({ tensor: () => undefined, release: () => undefined }),
    } as unknown as Memory;
    const decoder = new OrtDecoder(gpu, memory, { ...opened, session, file: 'tiny.onnx', shape });
    try {
      return await probeSession(gpu, memory, decoder, 'tiny.onnx');
    } finally {
      await decoder.release();
    }
  }

  test('finds that padding is exact', async () => {
    expect(await probe(() => undefined)).toBe(true);
  });

  test('finds that padding is not, where the mask is not read', async () => {
    expect(await probe(feeds => feeds['attention_mask']!.fill(1n))).toBe(false);
  });

  test('refuses a model that loses count of positions between runs', async () => {
    const probing = probe(feeds => {
      const positions = feeds['position_ids']!;
      const first = positions[0]!;
      for (let i = 0; i < positions.length; i++) positions[i]! -= first;
    });
    await expect(probing).rejects.toThrow(/E_TEACHER_ONNX: tiny\.onnx: .*piece by piece/);
  });
});

describe('a run that fails', () => {
  async function failing(lost: unknown): Promise<{ running: Promise<unknown>; dispose: () => void }> {
    const opened = await open();
    await opened.session.release();
    const session = { run: () => Promise.reject(new Error('kernel failed\nstack')) };
    const gpu = { lost } as unknown as Gpu;
    const decoder = new OrtDecoder(gpu, undefined as never, {
      ...opened,
      session: session as unknown as InferenceSession,
      file: 'tiny.onnx',
      shape,
    });
    const dispose = vi.fn<() => void>();
    const holder = { past: { length: 1, tensors: [{ dispose }] as never } };
    const running = decoder.run(holder, { ids: BigInt64Array.of(1n), length: 1, padding: [0] });
    return { running, dispose };
  }

  test('says so, and frees the cache that it took', async () => {
    const { running, dispose } = await failing(undefined);
    await expect(running).rejects.toThrow(/^E_TEACHER_ONNX: tiny\.onnx: .*kernel failed\. /);
    expect(dispose).toHaveBeenCalledOnce();
  });

  test('on a lost device is the loss of the device', async () => {
    const { running } = await failing({ message: 'gone' });
    await expect(running).rejects.toThrow(DeviceLostError);
  });
});

test('without a device that can be shared, WebAssembly computes', async () => {
  const opened = await openSession(writingGpu(new Float32Array(0)), files, shape, 'webgpu');
  expect(opened.execution).toBe('wasm');
  await opened.session.release();
});

describe('files that cannot serve', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  test.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /the file is empty/],
    ['a Git LFS pointer', bytes('version https://git-lfs.github.com/spec/v1\n'), /Git LFS pointer/],
    ['a web page', bytes('<!DOCTYPE html><html></html>'), /web page/],
    ['noise', bytes('not a protobuf at all'), /onnxruntime cannot open it/],
    ['half of a model', model.slice(0, model.length / 2), /onnxruntime cannot open it/],
  ])('%s', async (_, file, message) => {
    await expect(open({ model: file })).rejects.toThrow(message);
    await expect(open({ model: file })).rejects.toThrow(/^E_TEACHER_ONNX: tiny\.onnx: /);
  });

  test('a model of other sizes than config.json says', async () => {
    const wanted = { ...shape, vocab: 8 };
    const opening = openSession(writingGpu(new Float32Array(0)), files, wanted, 'wasm');
    await expect(opening).rejects.toThrow(
      /E_TEACHER_ONNX: .*config\.json makes it any × any × 8 \(output "logits"\)/,
    );
  });
});
