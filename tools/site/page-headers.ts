/**
 * Where the page may fetch from, beside its own host: the model hub, and the file hosts that it redirects to, whose names change
 * (`cdn-lfs.hf.co`, `cas-bridge.xethub.hf.co`, `us.aws.cdn.hf.co`): the policy is held against each redirect too.
 */
const MODEL_HUB = ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'];

/**
 * The page's Content Security Policy. Scripts, styles and workers come from files of its own host, so text that a user
 * brings can never run; WebAssembly is compiled, nothing is evaluated.
 * @param nonce of the inline scripts and styles that the development server adds; built pages have none.
 */
export function contentSecurityPolicy(nonce?: string): string {
  const inline = nonce ? ` 'nonce-${nonce}'` : '';
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval'${inline}`,
    `style-src 'self'${inline}`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src 'self' ${MODEL_HUB.join(' ')}`,
    // The lab's worker starts from a blob of one line, so that it is under this policy wherever the page is hosted.
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/**
 * Headers of every answer, worker scripts included: the service worker has the policy of its own answer, not that of its page.
 * There is no cross-origin isolation, since nothing here needs shared memory.
 */
export function pageHeaders(nonce?: string): Record<string, string> {
  return {
    // A policy in the page itself cannot say who may frame it; only a header can.
    'Content-Security-Policy': `${contentSecurityPolicy(nonce)}; frame-ancestors 'none'`,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}
