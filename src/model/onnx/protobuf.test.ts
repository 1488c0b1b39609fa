import { expect, test } from 'vitest';
import { ProtobufMessage } from './protobuf.ts';

const bytes = (message: ProtobufMessage): number[] => [...message.bytes()];

test.each<[number | bigint, number[]]>([
  [0, [0]],
  [127, [0x7f]],
  [128, [0x80, 0x01]],
  [300, [0xac, 0x02]],
  [-1, [...Array.from({ length: 9 }, () => 0xff), 0x01]],
  [2n ** 63n - 1n, [...Array.from({ length: 8 }, () => 0xff), 0x7f]],
])('the whole number %d', (value, expected) => {
  expect(bytes(new ProtobufMessage().int(1, value))).toEqual([0x08, ...expected]);
});

test('a field number beyond 15 takes two bytes of tag', () => {
  expect(bytes(new ProtobufMessage().int(20, 1))).toEqual([0xa0, 0x01, 1]);
});

test('strings in UTF-8, bytes and nested messages carry their length', () => {
  const inner = new ProtobufMessage().string(1, 'é');
  const outer = new ProtobufMessage()
    .message(2, inner)
    .raw(3, Uint8Array.of(9, 8))
    .message(4, new ProtobufMessage());
  expect(bytes(outer)).toEqual([0x12, 4, 0x0a, 2, 0xc3, 0xa9, 0x1a, 2, 9, 8, 0x22, 0]);
});
