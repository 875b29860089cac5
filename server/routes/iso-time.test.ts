import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../testing/plain-test.ts';
import { isoTime } from './iso-time.ts';

for (const atMs of [0, 1, 999, 1_000, 59_999, 3_599_999, 86_399_999, 86_400_000, -1, Date.UTC(2028, 1, 29), 8.64e15]) {
  test(`${atMs} is ${new Date(atMs).toISOString()}`, () => {
    expect(isoTime(atMs)).toBe(new Date(atMs).toISOString());
  });
}

test('any moment is written as Date writes it', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      expect(isoTime(date.getTime())).toBe(date.toISOString());
    }),
  );
});
