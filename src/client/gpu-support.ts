import type { Fault } from '../contract/errors.ts';
import { gpuAdapterName } from '../contract/format.ts';

/** Whether this browser can train: asked once, before any worker is started. */
export type GpuSupport =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ready'; readonly name: string }
  | { readonly kind: 'none'; readonly fault: Fault };

/** What to do about a missing adapter or WebGPU, by the browser's `userAgent`. */
export function webGpuAdvice(userAgent: string): string {
  if (/Firefox\//.test(userAgent))
    return 'Firefox has WebGPU since version 141 on Windows and 145 on Macs with Apple silicon; elsewhere set dom.webgpu.enabled in about:config, or open this page in a current Chrome or Edge.';
  if (/Edg\//.test(userAgent))
    return 'In Edge, switch on “Use graphics acceleration when available” in edge://settings/system, restart, and look at edge://gpu for the reason.';
  if (/Android/.test(userAgent))
    return 'Chrome for Android has WebGPU since version 121 on Android 12 and newer: update Chrome, or open this page on a computer.';
  if (/iPhone|iPad/.test(userAgent))
    return 'iPhones and iPads have WebGPU since iOS and iPadOS 26: update, or open this page on a computer.';
  if (/Chrome\//.test(userAgent)) {
    const general =
      'In Chrome (113 or newer), switch on “Use graphics acceleration when available” in chrome://settings/system, restart, and look at chrome://gpu for the reason.';
    return /Linux/.test(userAgent)
      ? `${general} On Linux, chrome://flags/#enable-unsafe-webgpu may be needed as well.`
      : general;
  }
  if (/Safari\//.test(userAgent))
    return 'Safari has WebGPU since version 26: update macOS, or open this page in a current Chrome or Edge.';
  return 'Open this page in a current Chrome or Edge on a computer.';
}

function missing(message: string, userAgent: string, nextStep = webGpuAdvice(userAgent)): GpuSupport {
  return {
    kind: 'none',
    fault: {
      code: 'E_NO_WEBGPU',
      message,
      consequence: 'Nothing can be trained here; the recorded run can be replayed, inspected and exported.',
      nextStep,
    },
  };
}

/** Requests an adapter, and explains why there is none. */
export async function detectGpu(page: Navigator = navigator, secure = isSecureContext): Promise<GpuSupport> {
  const { userAgent } = page;
  if (!('gpu' in page) || !page.gpu)
    return secure
      ? missing('this browser offers no WebGPU', userAgent)
      : missing(
          'browsers offer WebGPU to secure pages only, and this one came over plain HTTP',
          userAgent,
          'Open the page over https:// or from localhost.',
        );
  try {
    const adapter = await page.gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter) return { kind: 'ready', name: gpuAdapterName(adapter.info) };
    return missing('this browser has WebGPU, but found no graphics adapter for it', userAgent);
  } catch (error) {
    return missing(`asking for a graphics adapter failed: ${String(error)}`, userAgent);
  }
}
