import { canonicalJson } from '../contract/canonical-json.ts';
import type { LiveChange, Receipt } from '../record/run-record.ts';
import { sha256 } from '../contract/sha256.ts';
import type { PreparedRun } from './prepare-run.ts';

/** Version of the lab that receipts name. */
const LAB_VERSION = '0.1.0';

/** The git revision of the build, inserted by the build; absent without one. */
declare const LAB_REVISION: string | undefined;
const revision = typeof LAB_REVISION === 'string' && LAB_REVISION !== '' ? LAB_REVISION : null;

/** Describes what a run is made of. */
export async function writeReceipt(
  { lab, config, learner, tasks }: Pick<PreparedRun, 'lab' | 'config' | 'learner' | 'tasks'>,
  liveChanges: readonly LiveChange[],
): Promise<Receipt> {
  const { gpu, name, base, weightsSha256, runtime } = lab;
  const { vendor, architecture, description } = gpu.device.adapterInfo;
  return {
    lab: `copsd-lab ${LAB_VERSION}`,
    ...(revision && { revision }),
    createdAt: new Date().toISOString(),
    config,
    configSha256: await sha256(new TextEncoder().encode(canonicalJson(config))),
    weightsSha256,
    ...(tasks.prompts && { prompts: tasks.prompts }),
    model: { name, parameters: base.parameters.layout.count, trainable: learner.trainable.layout.count },
    adapter: { vendor, architecture, description },
    runtime,
    peakGpuBytes: gpu.memory.peakBytes,
    liveChanges: [...liveChanges],
  };
}
