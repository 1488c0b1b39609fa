import type { RunConfig } from '../contract/run-config.ts';
import type { LiveChange, Receipt } from '../contract/run-record.ts';
import { canonicalJson, sha256 } from './hash.ts';
import type { Lab } from './lab.ts';
import type { Learner } from './policy.ts';

/** Version of the lab that receipts name. */
const LAB_VERSION = '0.1.0';

/** Writes down what a run is made of, as of now. */
export async function writeReceipt(
  { gpu, name, base, weightsSha256, runtime }: Lab,
  config: RunConfig,
  learner: Learner,
  liveChanges: readonly LiveChange[],
): Promise<Receipt> {
  const { vendor, architecture, description } = gpu.device.adapterInfo;
  return {
    lab: `copsd-lab ${LAB_VERSION}`,
    createdAt: new Date().toISOString(),
    config,
    configSha256: await sha256(new TextEncoder().encode(canonicalJson(config))),
    weightsSha256,
    model: { name, parameters: base.parameters.layout.count, trainable: learner.trainable.layout.count },
    adapter: { vendor, architecture, description },
    runtime,
    peakGpuBytes: gpu.memory.peakBytes,
    liveChanges: [...liveChanges],
  };
}
