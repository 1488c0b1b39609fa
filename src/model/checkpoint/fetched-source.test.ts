import { describe, expect, test } from 'vitest';
import { LabError } from '../../contract/errors.ts';
import { fetchedSource, type FetchOptions } from './fetched-source.ts';
import { MODEL_FILES } from './folder-files.ts';
import { openModelFolder } from './model-folder.ts';
import {
  goodFolder,
  expectFault,
  randomTensors,
  ROOM,
  CONFIG,
  type Contents,
} from './model-folder-fixture.ts';
import { readConfig } from '../config.ts';

const BASE = 'https://host.example/models/tiny';
const BIG = 'model.safetensors';

/** 200 kB, so that it does not come with the first request. */
const big = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7) % 251);

const expectBytes = (bytes: Uint8Array, expected: Uint8Array): void =>
  expect(Buffer.compare(bytes, expected)).toBe(0);

interface Host {
  readonly contents: Contents;
  readonly ranges?: boolean;
  /** Changes an answer to the nth request. */
  readonly spoil?: (
    answer: { status: number; headers: Record<string, string>; body: Uint8Array<ArrayBuffer> },
    nth: number,
  ) => void;
}

/** A static host, and what was asked of it. */
function host({ contents, ranges = true, spoil }: Host) {
  const asked: string[] = [];
  const fetch: FetchOptions['fetch'] = async (url, init) => {
    const range = new Headers(init.headers).get('Range') ?? '';
    const [begin, last] = (/^bytes=(\d+)-(\d+)$/.exec(range) ?? []).slice(1).map(Number) as [number, number];
    const path = decodeURIComponent(url.slice(BASE.length + 1));
    asked.push(`${path} ${begin}-${last}`);
    const content = contents.get(path);
    if (content === undefined) return new Response('no', { status: 404 });
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const end = Math.min(last + 1, bytes.byteLength);
    const answer =
      ranges && begin >= bytes.byteLength
        ? {
            status: 416,
            headers: { 'Content-Range': `bytes */${bytes.byteLength}` },
            body: new Uint8Array(0),
          }
        : ranges
          ? {
              status: 206,
              headers: { 'Content-Range': `bytes ${begin}-${end - 1}/${bytes.byteLength}`, ETag: '"1"' },
              body: bytes.slice(begin, end),
            }
          : { status: 200, headers: {}, body: bytes };
    spoil?.(answer, asked.length);
    return new Response(answer.body, answer);
  };
  return { fetch, asked };
}

const open = async (options: Host, files: readonly string[] = [BIG]) => {
  const { fetch, asked } = host(options);
  return { source: await fetchedSource(BASE, 'tiny', files, { fetch }), asked };
};

test.each([true, false])('a model folder opens from a host; ranges: %s', async ranges => {
  const { source } = await open({ contents: goodFolder(), ranges }, MODEL_FILES);
  expect([...source.files.keys()].sort()).toEqual([...goodFolder().keys()].sort());
  const { checkpoint } = await openModelFolder(source, ROOM);
  for (const [name, { data }] of randomTensors(readConfig(CONFIG), 'BF16'))
    expect(await checkpoint.tensors.get(name)!.read(0, data.byteLength)).toEqual(data);
});

describe('ranges', () => {
  test('are asked for as they are needed, and the beginning only once', async () => {
    const { source, asked } = await open({ contents: new Map([[BIG, big]]) });
    expect(source.files.get(BIG)).toBe(200_000);
    expectBytes(await source.read(BIG, 3, 60_000), big.slice(3, 60_000));
    expectBytes(await source.read(BIG, 65_000, 70_000), big.slice(65_000, 70_000));
    expectBytes(await source.read(BIG), big);
    expect(await source.read(BIG, 100_000, 100_000)).toEqual(new Uint8Array(0));
    expect(asked).toEqual([`${BIG} 0-65535`, `${BIG} 65000-69999`, `${BIG} 0-199999`]);
  });

  test('what is read is the caller’s', async () => {
    const { source } = await open({ contents: new Map([[BIG, big]]) });
    (await source.read(BIG, 0, 10)).fill(0);
    expectBytes(await source.read(BIG, 0, 10), big.slice(0, 10));
  });

  test('a host without them is asked once', async () => {
    const { source, asked } = await open({ contents: new Map([[BIG, big]]), ranges: false });
    expectBytes(await source.read(BIG, 150_000, 150_004), big.slice(150_000, 150_004));
    expect(asked).toHaveLength(1);
  });

  test('an empty file is one', async () => {
    const { source } = await open({ contents: new Map([[BIG, new Uint8Array(0)]]) });
    expect(source.files.get(BIG)).toBe(0);
    expect(await source.read(BIG)).toEqual(new Uint8Array(0));
  });

  test('names are escaped', async () => {
    const { source } = await open({ contents: new Map([['a#b?.json', '{}']]) }, ['a#b?.json', 'none']);
    expect([...source.files]).toEqual([['a#b?.json', 2]]);
  });
});

type Spoil = NonNullable<Host['spoil']>;

describe('a host that goes wrong', () => {
  test.each<[string, string, Spoil]>([
    ['an error', 'E_MODEL_FETCH', answer => (answer.status = 503)],
    ['no Content-Range', 'E_MODEL_FETCH', answer => delete answer.headers['Content-Range']],
    [
      'a Content-Range without total',
      'E_MODEL_FETCH',
      answer => (answer.headers['Content-Range'] = 'bytes 0-65535/*'),
    ],
    [
      'another range than asked for',
      'E_MODEL_FETCH',
      answer => (answer.headers['Content-Range'] = 'bytes 1-65536/200000'),
    ],
    ['fewer bytes than it says', 'E_MODEL_FETCH', answer => (answer.body = answer.body.slice(1))],
    [
      'a length that is not the body’s',
      'E_MODEL_READ',
      answer => (answer.headers['Content-Length'] = '65537'),
    ],
  ])('%s at first: %s', async (_, code, spoil) => {
    const fault = await expectFault(() => open({ contents: new Map([[BIG, big]]), spoil }));
    expect(fault).toMatchObject({
      code,
      file: BIG,
      consequence: expect.stringContaining('unchanged') as string,
    });
  });

  test.each<[string, string, Spoil]>([
    ['an error', 'E_MODEL_FETCH', answer => (answer.status = 503)],
    ['all of a file', 'E_MODEL_FETCH', answer => (answer.status = 200)],
    ['another version', 'E_MODEL_CHANGED', answer => (answer.headers['ETag'] = '"2"')],
    [
      'a longer file',
      'E_MODEL_CHANGED',
      answer => (answer.headers['Content-Range'] = 'bytes 70000-79999/200001'),
    ],
    [
      'another range',
      'E_MODEL_READ',
      answer => (answer.headers['Content-Range'] = 'bytes 70001-80000/200000'),
    ],
    ['a cut', 'E_MODEL_READ', answer => (answer.body = answer.body.slice(1))],
  ])('%s later: %s', async (_, code, spoil) => {
    const later: Spoil = (answer, nth) => nth > 1 && spoil(answer, nth);
    const { source } = await open({ contents: new Map([[BIG, big]]), spoil: later });
    expect(await expectFault(() => source.read(BIG, 70_000, 80_000))).toMatchObject({ code, file: BIG });
  });

  test('no connection', async () => {
    const fetch = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));
    const error: unknown = await fetchedSource(BASE, 'tiny', [BIG], { fetch }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ fault: { code: 'E_MODEL_FETCH' }, cause: { message: 'Failed to fetch' } });
  });

  test('a body that breaks off', async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(10));
        controller.error(new TypeError('network error'));
      },
    });
    const fetch = (): Promise<Response> => Promise.resolve(new Response(stream));
    const fault = await expectFault(() => fetchedSource(BASE, 'tiny', [BIG], { fetch }));
    expect(fault.code).toBe('E_MODEL_FETCH');
  });
});

test('parts that a file does not have are refused without asking', async () => {
  const { source, asked } = await open({ contents: new Map([[BIG, big]]) });
  for (const [path, begin, end, code] of [
    [BIG, 0, 200_001, 'E_MODEL_RANGE'],
    [BIG, -1, 5, 'E_MODEL_RANGE'],
    [BIG, 5, 4, 'E_MODEL_RANGE'],
    ['config.json', 0, 1, 'E_MODEL_FILE_MISSING'],
  ] as const)
    expect((await expectFault(() => source.read(path, begin, end))).code).toBe(code);
  expect(asked).toHaveLength(1);
});
