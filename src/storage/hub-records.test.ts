import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { DownloadPlan } from '../contract/model-hub.ts';
import { planSchema, readRecord, sameFiles, writeRecord } from './cache-record.ts';
import { hashFile } from './file-hash.ts';
import { noise } from './hub-fixture.ts';
import { retryAfter } from './hub-status.ts';

const [config, weights] = [
  { path: 'config.json', bytes: 3, hash: { algorithm: 'git-blob-sha1', digest: 'a'.repeat(40) } },
  { path: 'model.safetensors', bytes: 8, hash: { algorithm: 'sha256', digest: 'b'.repeat(64) } },
] as const;
const PLAN: DownloadPlan = {
  base: 'https://huggingface.co',
  id: 'a/b',
  revision: 'main',
  commit: 'c'.repeat(40),
  files: [config, weights],
  totalBytes: 11,
};

test('a record reads back as the same plan', () => {
  expect(readRecord(writeRecord(PLAN))).toEqual(PLAN);
  for (const text of [null, '', '{', '{"format":1}', writeRecord(PLAN).replace('"format": 1', '"format": 2')])
    expect(readRecord(text)).toBeNull();
});

test.each<[string, Partial<Record<keyof DownloadPlan, unknown>>]>([
  ['a file outside the folder', { files: [{ ...config, path: '../config.json' }], totalBytes: 3 }],
  ['a file of another kind', { files: [{ ...config, path: 'run.js' }], totalBytes: 3 }],
  ['a file over the record', { files: [{ ...config, path: 'manifest.json' }], totalBytes: 3 }],
  ['a file twice', { files: [config, config], totalBytes: 6 }],
  ['a wrong total', { totalBytes: 12 }],
  ['a negative size', { files: [{ ...config, bytes: -3 }], totalBytes: -3 }],
  [
    'a hash of another length',
    { files: [{ ...config, hash: { algorithm: 'sha256', digest: 'a'.repeat(40) } }], totalBytes: 3 },
  ],
  ['no files', { files: [], totalBytes: 0 }],
  ['another hub’s address', { base: 'http://evil.example' }],
  ['a name with a way out', { id: '../b' }],
  ['a branch as commit', { commit: 'main' }],
])('a plan with %s is refused', (_, change) => {
  expect(planSchema.safeParse(PLAN).success).toBe(true);
  expect(planSchema.safeParse({ ...PLAN, ...change }).success).toBe(false);
});

test('plans mean the same files whatever the revision’s name', () => {
  expect(sameFiles(PLAN, { ...PLAN, revision: 'v1', files: [weights, config] })).toBe(true);
  const other = { ...weights, hash: { algorithm: 'sha256', digest: 'd'.repeat(64) } } as const;
  expect(sameFiles(PLAN, { ...PLAN, files: [config, other] })).toBe(false);
});

test('hashing in pieces gives the hashes of git and Git LFS', () => {
  const content = noise(100_003, 3);
  const digests = {
    sha256: createHash('sha256').update(content).digest('hex'),
    'git-blob-sha1': createHash('sha1').update('blob 100003\0').update(content).digest('hex'),
  };
  for (const algorithm of ['sha256', 'git-blob-sha1'] as const) {
    const about = { bytes: content.byteLength, hash: { algorithm, digest: digests[algorithm] } };
    const [right, wrong] = [hashFile(about), hashFile(about)];
    for (let begin = 0; begin < content.byteLength; begin += 777) {
      right.update(content.subarray(begin, begin + 777));
      wrong.update(content.subarray(begin, begin + 776));
    }
    expect([right.matches(), wrong.matches()]).toEqual([true, false]);
  }
});

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
  expect(retryAfter('120', now)).toBe(120);
  expect(retryAfter('Wed, 21 Oct 2026 07:28:30 GMT', now)).toBe(30);
  expect(retryAfter('Wed, 21 Oct 2026 07:00:00 GMT', now)).toBe(0);
  expect([retryAfter(null, now), retryAfter('soon', now)]).toEqual([null, null]);
});
