import { openGpu } from '../../src/gpu/device.ts';
import { Rng } from '../../src/world/rng.ts';
import type { DeviceMeter } from './gpu-meter.ts';
import { HEAD_TOKENS, headTask, TIMED_TOKENS, type HeadTask } from './head-task.ts';
import { secondsOf, type BenchPart } from './report.ts';
import { median } from './statistics.ts';

/** The fused head at the vocabularies of SmolLM2 and Qwen2.5, each on a device of its own. */
export async function headPart(meterOf: (device: GPUDevice) => DeviceMeter): Promise<BenchPart> {
  const rng = new Rng(3);
  const open = async (vocab: number): Promise<HeadTask> => {
    const gpu = await openGpu(navigator.gpu);
    return headTask(gpu, meterOf(gpu.device), vocab, rng);
  };
  const small = await open(49_152);
  const large = await open(151_936);
  const tokensPerSecond = ({ seconds }: HeadTask): number => median(seconds.map(each => TIMED_TOKENS / each));
  return {
    round: async () => {
      for (const { seconds, run } of [small, large]) seconds.push(await secondsOf(run));
    },
    report: () => ({
      head: {
        extraBytes49k: small.extraBytes,
        extraBytes151k: large.extraBytes,
        tokensPerSecond49k: tokensPerSecond(small),
        tokensPerSecond151k: tokensPerSecond(large),
        errorOfTolerance49k: small.errorOfTolerance,
        errorOfTolerance151k: large.errorOfTolerance,
        tokens: HEAD_TOKENS,
        timedTokens: TIMED_TOKENS,
      },
    }),
  };
}
