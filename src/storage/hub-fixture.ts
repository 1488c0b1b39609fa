import type { HubModel } from '../testing/hub-replies.ts';
import { connectHub, type HubConnection } from './hub-request.ts';

/** Pseudo-random bytes, the same each time. */
export function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const described = {
  'config.json': text({ model_type: 'llama' }),
  'tokenizer.json': text({ version: '1.0', note: 'ä' }),
};

/** One weights file, and files that the lab does not use. */
export const SINGLE: HubModel = {
  id: 'lab/single',
  files: {
    ...described,
    'README.md': text('readme'),
    'chat_template.jinja': new TextEncoder().encode('{{ messages }}'),
    'model.safetensors': noise(3_000_000, 1),
    'onnx/model.onnx': noise(1000, 2),
    'pytorch_model.bin': noise(1000, 3),
    'tokenizer_config.json': text({}),
  },
};

/** Weights in two shards. */
export const SHARDED: HubModel = {
  id: 'lab/sharded',
  files: {
    ...described,
    'model.safetensors.index.json': text({
      weight_map: {
        b: 'model-00002-of-00002.safetensors',
        a: 'model-00001-of-00002.safetensors',
        c: 'model-00002-of-00002.safetensors',
      },
    }),
    'model-00001-of-00002.safetensors': noise(200_000, 4),
    'model-00002-of-00002.safetensors': noise(100_000, 5),
  },
};

export const GATED: HubModel = { id: 'lab/gated', gated: 'manual', files: described };
export const PICKLED: HubModel = {
  id: 'lab/pickled',
  files: { ...described, 'pytorch_model.bin': noise(10, 6) },
};

/** A connection without long waits. */
export const quickHub = (url: string): HubConnection =>
  connectHub(url, { waitMilliseconds: 1, silenceMilliseconds: 300 });
