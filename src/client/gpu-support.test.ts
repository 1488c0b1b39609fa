import { expect, it } from 'vitest';
import { gpuAdapterName } from '../contract/format.ts';
import { detectGpu, webGpuAdvice } from './gpu-support.ts';

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';
const info = { vendor: 'nvidia', architecture: 'ada', description: '' };
const page = (gpu: unknown): Navigator => ({ userAgent: CHROME, ...(gpu ? { gpu } : {}) }) as Navigator;

it.each([
  [CHROME, 'chrome://settings/system'],
  [CHROME, 'enable-unsafe-webgpu'],
  [`${CHROME} Edg/140.0`, 'edge://gpu'],
  ['Mozilla/5.0 (Windows NT 10.0; rv:139.0) Gecko/20100101 Firefox/139.0', 'about:config'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Mobile Safari/604.1', 'iOS'],
  ['Mozilla/5.0 (Macintosh) AppleWebKit/605 (KHTML, like Gecko) Version/18.0 Safari/605', 'version 26'],
  ['Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Safari/537.36', 'Android'],
  ['something else', 'Chrome or Edge'],
])('advises %s', (userAgent, words) => {
  expect(webGpuAdvice(userAgent)).toContain(words);
});

it('tells apart: no interface, an insecure page, no adapter, a refusal, a GPU', async () => {
  const messages = await Promise.all(
    [
      detectGpu(page(null), true),
      detectGpu(page(null), false),
      detectGpu(page({ requestAdapter: async () => null }), true),
      detectGpu(page({ requestAdapter: () => Promise.reject(new Error('blocked')) }), true),
    ].map(async found => {
      const support = await found;
      return support.kind === 'none' ? support.fault.message : support.kind;
    }),
  );
  expect(messages[0]).toContain('offers no WebGPU');
  expect(messages[1]).toContain('plain HTTP');
  expect(messages[2]).toContain('no graphics adapter');
  expect(messages[3]).toContain('blocked');
  const found = await detectGpu(page({ requestAdapter: async () => ({ info }) }), true);
  expect(found).toEqual({ kind: 'ready', name: 'nvidia ada' });
});

it('names an adapter by its description where there is one', () => {
  expect(gpuAdapterName({ ...info, description: 'RTX 4090' })).toBe('RTX 4090');
  expect(gpuAdapterName({ vendor: '', architecture: '', description: '' })).toBe('GPU');
});
