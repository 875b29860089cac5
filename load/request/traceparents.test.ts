import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { traceContextOf } from '../measure/trace-context.ts';
import { Traceparents } from './traceparents.ts';

const own = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** The bytes of the list over and over. */
const filledWith = (bytes: readonly number[]) => (into: Buffer) => into.fill(Buffer.from(bytes));
const noneInvalid = (traceparent: string) => {
  throw new Error(`not expected: ${traceparent}`);
};

test('every id is one that others take, whatever is drawn, and no two are the same', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      const made = new Traceparents({ share, onInvalid: noneInvalid });
      const contexts = Array.from({ length: 300 }, () => traceContextOf(made.forCall([]) ?? ''));
      expect(contexts).not.toContain(undefined);
      expect(new Set(contexts.map((each) => each?.traceId)).size).toBe(300);
      expect(new Set(contexts.map((each) => each?.spanId)).size).toBe(300);
    }),
    { numRuns: 20 },
  );
});

/** Bytes of a trace id from its tenth on, of which the first six decide. */
const decided = [
  { bits: [0, 0, 0, 0, 0, 0], share: 1, sampled: true },
  { bits: [0xff, 0xff, 0xff, 0xff, 0xff, 0xff], share: 0, sampled: false },
  { bits: [0x80, 0, 0, 0, 0, 0], share: 0.5, sampled: true },
  { bits: [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff], share: 0.5, sampled: false },
  { bits: [0xc0, 0, 0, 0, 0, 0], share: 0.25, sampled: true },
  { bits: [0xbf, 0xff, 0xff, 0xff, 0xff, 0xff], share: 0.25, sampled: false },
  { bits: [0xff, 0xff, 0xff, 0xff, 0xff, 0xff], share: 0.000_1, sampled: true },
];
for (const { bits, share, sampled } of decided)
  test(`a trace id of ${Buffer.from(bits).toString('hex')} is ${sampled ? 'sampled' : 'not sampled'} of ${share}`, () => {
    const fill = filledWith([...Array<number>(9).fill(7), ...bits, 7, ...Array<number>(8).fill(7)]);
    const made = new Traceparents({ share, onInvalid: noneInvalid, fill }).forCall([]);
    expect(made).toBe(
      `00-${'07'.repeat(9)}${Buffer.from(bits).toString('hex')}07-${'07'.repeat(8)}-${sampled ? '01' : '00'}`,
    );
  });

for (const { say, zeros } of [
  { say: 'trace', zeros: [0, 16] },
  { say: 'span', zeros: [16, 24] },
] as const)
  test(`an id of a ${say} that is all zero is passed over`, () => {
    const fill = (into: Buffer) => into.fill(1).fill(0, ...zeros);
    const made = new Traceparents({ share: 0, onInvalid: noneInvalid, fill });
    expect(made.forCall([])).toBe(`00-${'01'.repeat(16)}-${'01'.repeat(8)}-00`);
  });

test('a `traceparent` of the call is left alone, in whatever letters its name is', () => {
  const made = new Traceparents({ share: 1, onInvalid: noneInvalid });
  expect(made.forCall(['Traceparent', own])).toBe(undefined);
  expect(made.forCall(['accept', own])).not.toBe(undefined);
});

test('one that is none is told of, each time', () => {
  const told: string[] = [];
  const made = new Traceparents({ share: 1, onInvalid: (traceparent) => told.push(traceparent) });
  expect(made.forCall(['traceparent', 'nonsense'])).toBe(undefined);
  expect(made.forCall(['traceparent', own])).toBe(undefined);
  expect(made.forCall(['traceparent', ''])).toBe(undefined);
  expect(made.forCall(['traceparent', own, 'Traceparent', own])).toBe(undefined); // to servers they are one
  expect(told).toEqual(['nonsense', '', `${own}, ${own}`]);
});
