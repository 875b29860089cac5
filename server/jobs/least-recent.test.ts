import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { entryBytes, LeastRecent } from './least-recent.ts';

type Step = readonly ['put', string, number] | readonly ['get', string];

/** In each row the cache holds 10 KB, in each step are KB, key and entry included, and these are there at the end. */
const table: readonly { readonly about: string; readonly steps: readonly Step[]; readonly kept: string }[] = [
  { about: 'what fits stays', steps: [['put', 'a', 5], ['put', 'b', 5]], kept: 'ab' }, // prettier-ignore
  { about: 'the one not used for longest goes', steps: [['put', 'a', 5], ['put', 'b', 5], ['get', 'a'], ['put', 'c', 1]], kept: 'ac' }, // prettier-ignore
  { about: 'one that has grown pushes others out', steps: [['put', 'a', 2], ['put', 'b', 2], ['put', 'a', 9]], kept: 'a' }, // prettier-ignore
  { about: 'what alone is too large is not kept and takes nobody with it', steps: [['put', 'a', 5], ['put', 'b', 11]], kept: 'a' }, // prettier-ignore
  { about: 'one that has grown too large goes alone', steps: [['put', 'a', 5], ['put', 'b', 2], ['put', 'a', 11]], kept: 'b' }, // prettier-ignore
];
for (const { about, steps, kept } of table) {
  test(`${about}: ${steps.map((step) => step.join(' ')).join(', ')}`, () => {
    const cache = new LeastRecent<{ readonly bytes: number }>(10_000);
    const weights = new Map<string, number>();
    for (const [what, key, kilobytes] of steps) {
      if (what === 'get') cache.get(key);
      else cache.put(key, { bytes: kilobytes * 1_000 - key.length - entryBytes });
      if (what === 'put') weights.set(key, kilobytes * 1_000);
    }
    const there = [...weights.keys()].filter((key) => cache.get(key) !== undefined);
    expect(there.join('')).toBe(kept);
    expect(cache.bytes).toBe(there.reduce((sum, key) => sum + (weights.get(key) ?? 0), 0));
  });
}

test('values that weigh nothing are limited, too, and so are long keys', () => {
  const kept = (key: (n: number) => string) => {
    const cache = new LeastRecent<{ readonly bytes: number }>(100_000);
    const keys = Array.from({ length: 1_000 }, (_, n) => key(n));
    for (const one of keys) cache.put(one, { bytes: 0 });
    return keys.filter((one) => cache.get(one) !== undefined).length;
  };
  expect(kept((n) => String(n).padStart(4))).toBe(193);
  expect(kept((n) => String(n).padStart(3_000))).toBe(28);
});
