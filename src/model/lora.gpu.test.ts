import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { loadGolden } from '../testing/golden.ts';
import { testRandom } from '../testing/random.ts';
import { createActivations, type Saved } from './activations.ts';
import { readConfig } from './config.ts';
import { decoderForward, type Decoder } from './decoder-forward.ts';
import { decoderLayout, decoderTensors } from './decoder-parameters.ts';
import { loraLayout, loraTensors, type LoraShape } from './lora.ts';
import { PackedBatch } from './packed-batch.ts';
import { ParameterSet } from './parameters.ts';
import { inverseFrequencies } from '../kernels/rope/frequencies.ts';

const LAST_LAYER: LoraShape = { rank: 1, alpha: 2, targets: ['o_proj'], lastLayers: 1 };
const TOKENS = Uint32Array.of(1, 5, 9, 2, 7);

test('an adapter of the last layer alone works in activations that layers share as in their own', async () => {
  const golden = await loadGolden('odd');
  const gpu = new Gpu(await requestTestDevice());
  const config = readConfig(golden.config);
  const { memory } = gpu;
  const base = new ParameterSet(memory, 'base', decoderLayout(config));
  base.upload(gpu, await golden.tensors('model'));
  const layout = loraLayout(config, LAST_LAYER);
  expect(layout.entries.map(({ name }) => name)).toEqual(
    ['A', 'B'].map(
      matrix => `base_model.model.model.layers.${config.layers - 1}.self_attn.o_proj.lora_${matrix}.weight`,
    ),
  );
  const adapter = new ParameterSet(memory, 'adapter', layout);
  gpu.write(adapter.all, Float32Array.from(testRandom(3).normals(layout.total)));
  const frequencies = inverseFrequencies(config.headDim, config.ropeTheta);
  const inverse = memory.tensor('inverseFrequencies', frequencies.length);
  gpu.write(inverse, frequencies);
  const frozen: Decoder = {
    config,
    weights: decoderTensors(config, base),
    lora: undefined,
    inverseFrequencies: inverse,
  };
  const lora = loraTensors(config, LAST_LAYER, adapter);
  const batch = new PackedBatch(gpu, memory, 'batch', { rows: TOKENS.length, scored: 1 });
  batch.upload([{ ids: TOKENS, scoredStart: 1, scored: Uint32Array.of(5) }]);

  const hidden = async (label: string, save: Saved, decoder: Decoder): Promise<Float32Array> => {
    const activations = createActivations(memory, config, { label, rows: TOKENS.length, save, lora });
    const encoder = gpu.encoder();
    decoderForward(encoder, decoder, batch, activations);
    encoder.submit();
    return await gpu.readback.f32(activations.hidden, TOKENS.length * config.dim);
  };
  const own = await hidden('own', 'layers', { ...frozen, lora });
  const shared = await hidden('shared', 'nothing', { ...frozen, lora });
  const without = await hidden('without', 'nothing', frozen);
  assertClose(shared, own, 'exact', 'shared activations');
  expect(Math.max(...own.map((value, i) => Math.abs(value - without[i]!)))).toBeGreaterThan(0.01);
  gpu.memory.release();
});
