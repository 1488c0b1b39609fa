import type { ModelSource } from '../../src/contract/model-source.ts';
import type { ChatModelFixture } from '../../src/data/chat/chat-models-fixture.ts';
import { memorySource } from '../../src/model/checkpoint/model-source.ts';
import { writeConfig, type DecoderConfig } from '../../src/model/config.ts';
import { decoderLayout } from '../../src/model/decoder-parameters.ts';
import { normalFrom } from '../../src/model/random.ts';
import { Rng } from '../../src/world/rng.ts';

const WEIGHTS = 'model.safetensors';

/** Prime, so that no two rows of a matrix are equal. */
const PERIOD = 1_048_573;

/** As transformers initialises matrices and embeddings. */
const DEVIATION = 0.02;

/** The upper half of an f32: what a bfloat16 is. */
const bfloat16 = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16;

/**
 * A model folder with the tokenizer and template of `language` and random bfloat16 weights that are generated as the file is read, and
 * never held as a whole. Norm gains are 1.
 */
export function randomModel(name: string, config: DecoderConfig, language: ChatModelFixture): ModelSource {
  const texts = memorySource(
    name,
    new Map([
      ['config.json', JSON.stringify(writeConfig(config))],
      ['tokenizer.json', JSON.stringify(language.tokenizer)],
      ['tokenizer_config.json', JSON.stringify(language.config)],
    ]),
  );
  const weights = randomWeights(config);
  return {
    name,
    files: new Map([...texts.files, [WEIGHTS, weights.bytes]]),
    read: async (path, begin, end) =>
      path === WEIGHTS ? weights.read(begin ?? 0, end ?? weights.bytes) : await texts.read(path, begin, end),
  };
}

function randomWeights(config: DecoderConfig) {
  const header: Record<string, object> = {};
  const gains: { readonly begin: number; readonly end: number }[] = [];
  let values = 0;
  for (const { name, shape, length } of decoderLayout(config).entries) {
    header[name] = { dtype: 'BF16', shape, data_offsets: [2 * values, 2 * (values + length)] };
    if (name.endsWith('norm.weight')) gains.push({ begin: values, end: values + length });
    values += length;
  }
  const head = withLength(JSON.stringify(header));
  const rng = new Rng(1);
  const normal = normalFrom(() => rng.float());
  const drawn = Uint16Array.from({ length: PERIOD }, () => bfloat16(DEVIATION * normal()));
  const one = bfloat16(1);

  /** Values [begin, end) of the data. */
  const make = (begin: number, end: number): Uint16Array<ArrayBuffer> => {
    const made = new Uint16Array(end - begin);
    for (let at = begin; at < end;) {
      const next = Math.min(end, at - (at % PERIOD) + PERIOD);
      made.set(drawn.subarray(at % PERIOD, (at % PERIOD) + next - at), at - begin);
      at = next;
    }
    for (const gain of gains)
      if (gain.begin < end && gain.end > begin)
        made.fill(one, Math.max(gain.begin, begin) - begin, Math.min(gain.end, end) - begin);
    return made;
  };
  const bytes = head.byteLength + 2 * values;
  return {
    bytes,
    read: (begin: number, end: number): Uint8Array<ArrayBuffer> => {
      if (end <= head.byteLength) return head.slice(begin, end);
      if (begin < head.byteLength) throw new RangeError('header and data are read separately');
      return new Uint8Array(make((begin - head.byteLength) / 2, (end - head.byteLength) / 2).buffer);
    },
  };
}

/** A safetensors header, padded so that the data begin at a whole word. */
function withLength(json: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const bytes = new Uint8Array(8 + text.byteLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.byteLength), true);
  bytes.set(text, 8);
  return bytes;
}
