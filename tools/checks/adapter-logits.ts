import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tableLogits } from '../../src/kernels/embedding/table-products.ts';
import { Learner } from '../../src/learn/policy.ts';
import { createActivations } from '../../src/model/activations.ts';
import { decoderForward } from '../../src/model/decoder-forward.ts';
import { readAdapter } from '../../src/model/export/adapter.ts';
import { PackedBatch } from '../../src/model/packed-batch.ts';
import { openModelHere } from '../node/open-model.ts';

const USAGE = `usage: node tools/run.mjs --gpu tools/checks/adapter-logits.ts MODEL ADAPTER LOGITS.json

Writes the engine's logits of a model under an exported adapter (its unpacked folder), for tools/checks/peft_adapter.py to compare.`;

const SEQUENCES = 3;
const LENGTH = 24;

export async function main([model, adapter, output]: readonly string[]): Promise<void> {
  if (!model || !adapter || !output) {
    console.log(USAGE);
    process.exitCode = 2;
    return;
  }
  const { gpu, config, base } = await openModelHere(model);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of await readdir(adapter))
    files.set(name, new Uint8Array(await readFile(join(adapter, name))));
  const { shape, arrays } = readAdapter(files, config);
  const { memory } = gpu;
  const { decoder, trainable } = new Learner(gpu, memory, base, { lora: shape, normal: () => 0 });
  trainable.upload(gpu, arrays);

  const { vocab } = config;
  // Multiples of a prime reach all over the vocabulary.
  const ids = Array.from({ length: SEQUENCES }, (_, row) =>
    Uint32Array.from({ length: LENGTH }, (__, at) => (7919 * (row * LENGTH + at + 1)) % vocab),
  );
  const rows = SEQUENCES * LENGTH;
  const activations = createActivations(memory, config, {
    label: 'check',
    rows,
    save: 'nothing',
    lora: decoder.lora,
  });
  const batch = new PackedBatch(gpu, memory, 'batch', { rows, scored: 1 });
  batch.upload(ids.map(each => ({ ids: each, scoredStart: 1, scored: new Uint32Array(0) })));
  const logits = memory.tensor('logits', rows * vocab);
  const encoder = gpu.encoder();
  decoderForward(encoder, decoder, batch, activations);
  tableLogits(encoder, { hidden: activations.hidden, table: decoder.weights.head, logits, rows });
  encoder.submit();
  await writeFile(
    output,
    JSON.stringify({ ids: ids.map(each => [...each]), vocab, logits: [...(await gpu.readback.f32(logits))] }),
  );
  gpu.destroy();
}
