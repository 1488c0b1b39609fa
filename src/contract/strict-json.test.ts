import { expect, test } from 'vitest';
import { parseStrictJson } from './strict-json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(text: string | Uint8Array, maxDepth = 8, prototypeKeys = false): unknown {
  const input = typeof text === 'string' ? bytes(text) : text;
  return parseStrictJson(input, { maxDepth, prototypeKeys }, (problem, message, place) => {
    throw new Error(`${problem} ${place ?? '-'}: ${message}`);
  });
}

test.each([
  '{}',
  '[]',
  ' [1, -2.5e3, true, null, ""] \n',
  '{"a":{"b":[{"a":1},{"a":2}]},"b":"a\\"b:{[,"}',
  '{"\\\\":1,"\\"":2,"a,b":3}',
  '"{"',
])('reads %s as JSON.parse does', text => {
  expect(read(text)).toEqual(JSON.parse(text));
});

test.each([
  ['{"a":1,"a":2}', /^DUPLICATE line 1, column 8: .*"a"/],
  ['{"b":{"x":1},\n "\\u0062":2}', /^DUPLICATE line 2, column 2: .*"b"/],
  ['[{"a":{"k":1,"k":1}}]', /^DUPLICATE line 1, column 14/],
  ['{"a":{"__proto__":1}}', /^KEY line 1, column 7/],
  ['{"a":{"__\\u0070roto__":1}}', /^KEY line 1, column 7/],
  ['[[[[[[[[[]]]]]]]]]', /^DEPTH line 1, column 9/],
  ['['.repeat(500_000), /^DEPTH line 1, column 9/],
  ['{"a":1', /^SYNTAX/],
  ['{"a":1}}', /^SYNTAX/],
  [']', /^SYNTAX/],
  ["{'a':1}", /^SYNTAX/],
  ['{"a":1,}', /^SYNTAX/],
  ['{"a":NaN}', /^SYNTAX/],
  ['{"a":"\u0001"}', /^SYNTAX/],
  ['', /^SYNTAX/],
  ['{"a":1,"a":2', /^SYNTAX/],
  ['{"\\q":1,"\\q":2}', /^SYNTAX/],
  ['\ufeff{}', /^ENCODING byte 0/],
  [Uint8Array.of(0x22, 0xc0, 0x80, 0x22), /^ENCODING byte 1/],
  [Uint8Array.of(0x22, 0x61, 0xe2, 0x82), /^ENCODING byte 4/],
])('refuses %j', (text, fault) => {
  expect(() => read(text)).toThrow(fault);
});

test('where keys are names, __proto__ is one of them and changes nothing', () => {
  const value = read('{"__proto__":{"polluted":1}}', 8, true) as Record<string, unknown>;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(value['polluted']).toBeUndefined();
  expect(() => read('{"__proto__":1,"__proto__":2}', 8, true)).toThrow(/^DUPLICATE/);
});

test('time is linear in the text, quotation marks and backslashes included', () => {
  const vocab = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`\\"\\\\${i}"`, i]));
  const text = JSON.stringify({ vocab, tail: '\\"'.repeat(500_000) });
  expect(read(text)).toMatchObject({ vocab: { [`\\"\\\\19999"`]: 19_999 } });
  // A quadratic reader would take hours, a linear one a second on a busy machine.
}, 60_000);
