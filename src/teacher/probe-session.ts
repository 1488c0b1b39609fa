import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import type { PackedSequence } from '../model/packed-batch.ts';
import { deadFault, onnxFault } from './faults.ts';
import type { OrtDecoder } from './ort-decoder.ts';
import { scoreSequences, type Limits } from './score.ts';

/** Difference of logits, as a share of the largest, up to which two ways to compute them count as one. */
const AGREEMENT = 2e-3;

/**
 * Tries a freshly opened model on a few tokens: whether what it computes piece by piece with its cache is what it computes at
 * once, and whether padding on the left changes nothing. Some exports place keys by counting the mask, which only holds
 * without padding; theirs are then batched by equal lengths.
 * @returns whether padding is exact.
 * @throws LabError `E_TEACHER_DEAD` where logits are not finite, `E_TEACHER_ONNX` where the cache does not hold.
 */
export async function probeSession(
  gpu: Gpu,
  memory: Memory,
  decoder: OrtDecoder,
  file: string,
): Promise<boolean> {
  const { vocab } = decoder.shape;
  const sequence = (length: number, salt: number): PackedSequence => {
    const ids = Uint32Array.from({ length }, (_, i) => (i * 7919 + salt) % vocab);
    return { ids, scoredStart: 1, scored: ids };
  };
  const short = sequence(3, 1);
  const long = sequence(5, 2);
  const scope = memory.scope();
  try {
    const target = scope.tensor('teacher.probe', 8 * vocab);
    const logitsOf = async (sequences: PackedSequence[], limits: Limits): Promise<Float32Array> => {
      await scoreSequences(decoder, sequences, target, limits);
      return read(gpu, target, sequences, vocab);
    };
    const alone = await logitsOf([short], { rows: 3, batch: 1, padded: false });
    if (!alone.every(Number.isFinite))
      throw deadFault(file, 'its logits are not finite', 'a probe of 3 tokens');
    const pieces = await logitsOf([short], { rows: 2, batch: 1, padded: false });
    if (!agree(pieces, alone))
      throw onnxFault(
        file,
        'tokens that are fed piece by piece, with the keys and values of earlier ones, get other logits than tokens fed at once',
        'outputs "present.…"',
      );
    const together = await logitsOf([short, long], { rows: 10, batch: 2, padded: true });
    return agree(together.subarray(0, alone.length), alone);
  } finally {
    scope.release();
  }
}

function read(gpu: Gpu, target: Tensor, sequences: PackedSequence[], vocab: number): Promise<Float32Array> {
  return gpu.readback.f32(target, vocab * sequences.reduce((sum, { scored }) => sum + scored.length, 0));
}

function agree(actual: Float32Array, expected: Float32Array): boolean {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return actual.every((value, i) => Math.abs(value - expected[i]!) <= AGREEMENT * largest);
}
