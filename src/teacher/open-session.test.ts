import { beforeAll, describe, expect, test } from 'vitest';
import type { Gpu } from '../gpu/gpu.ts';
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
  } as unknown as Gpu;
}

const open = (changes: Partial<ExternalModelFiles> = {}): ReturnType<typeof openSession> =>
  openSession(writingGpu(new Float32Array(0)), { ...files, ...changes }, shape, 'wasm');

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
          ...{ ...opened, file: 'tiny.onnx', shape },
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
