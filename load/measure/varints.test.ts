import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { VarintReader, VarintWriter } from './varints.ts';

const rows = [
  { value: 0, bytes: [0] },
  { value: 127, bytes: [127] },
  { value: 128, bytes: [128, 1] },
  { value: 300, bytes: [172, 2] },
  { value: 2 ** 31 - 1, bytes: [255, 255, 255, 255, 7] },
  { value: 2 ** 31, bytes: [128, 128, 128, 128, 8] },
  { value: Number.MAX_SAFE_INTEGER, bytes: [255, 255, 255, 255, 255, 255, 255, 15] },
];
for (const { value, bytes } of rows) {
  test(`${value} is ${bytes.length} bytes`, () => {
    const writer = new VarintWriter();
    writer.write(value);
    expect([...writer.bytes]).toEqual(bytes);
    expect(new VarintReader(writer.bytes).read()).toBe(value);
  });
}

test('with a sign the small ones are short too', () => {
  const writer = new VarintWriter();
  for (const value of [0, -1, 1, -64, 63, 64]) writer.writeSigned(value);
  expect([...writer.bytes]).toEqual([0, 1, 2, 127, 126, 128, 1]);
});

test('however many are written, they are read as they were', () => {
  const numbers = fc.array(
    fc.oneof(
      fc.nat(300),
      fc.maxSafeInteger().map((value) => Math.trunc(value / 2) + 0), // no -0
    ),
    {
      maxLength: 2_000,
    },
  );
  fc.assert(
    fc.property(numbers, (values) => {
      const writer = new VarintWriter();
      for (const value of values) writer.writeSigned(value);
      const reader = new VarintReader(writer.bytes);
      const read: number[] = [];
      while (!reader.isDone) read.push(reader.readSigned());
      expect(read).toEqual(values);
    }),
    { numRuns: 50 },
  );
});

for (const bytes of [[], [128], [255, 255]]) {
  test(`that ${JSON.stringify(bytes)} ends too early is said`, () => {
    expect(() => new VarintReader(Uint8Array.from(bytes)).read()).toThrow(
      new RangeError('the bytes end within a number'),
    );
  });
}
