import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { headerRecord } from './header-list.ts';

test('a record has each name once, whatever it is called', () => {
  const names = ['Constructor', '__proto__', 'hasOwnProperty', 'X-Twice', 'x-twice', 'Set-Cookie', 'set-cookie'];
  const record = headerRecord(names.flatMap((name, at) => [name, String(at)]));
  expect(Object.entries(record)).toEqual([
    ['constructor', '0'],
    ['__proto__', '1'],
    ['hasownproperty', '2'],
    ['x-twice', '3, 4'],
    ['set-cookie', '5\n6'],
  ]);
  expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
});
