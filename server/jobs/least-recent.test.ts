import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { LeastRecent } from './least-recent.ts';

type Step = readonly ['put', string, number] | readonly ['get', string];

/** In each row the cache holds 10 bytes, and these are there at the end. */
const table: readonly { readonly about: string; readonly steps: readonly Step[]; readonly kept: string }[] = [
  { about: 'what fits stays', steps: [['put', 'a', 5], ['put', 'b', 5]], kept: 'ab' }, // prettier-ignore
  { about: 'the one not used for longest goes', steps: [['put', 'a', 5], ['put', 'b', 5], ['get', 'a'], ['put', 'c', 1]], kept: 'ac' }, // prettier-ignore
  { about: 'one that has grown pushes others out', steps: [['put', 'a', 2], ['put', 'b', 2], ['put', 'a', 9]], kept: 'a' }, // prettier-ignore
  { about: 'what alone is too large is not kept and takes nobody with it', steps: [['put', 'a', 5], ['put', 'b', 11]], kept: 'a' }, // prettier-ignore
  { about: 'one that has grown too large goes alone', steps: [['put', 'a', 5], ['put', 'b', 2], ['put', 'a', 11]], kept: 'b' }, // prettier-ignore
];
for (const { about, steps, kept } of table) {
  test(`${about}: ${steps.map((step) => step.join(' ')).join(', ')}`, () => {
    const cache = new LeastRecent<{ readonly bytes: number }>(10);
    const weights = new Map<string, number>();
    for (const [what, key, bytes] of steps) {
      if (what === 'get') cache.get(key);
      else cache.put(key, { bytes });
      if (what === 'put') weights.set(key, bytes);
    }
    const there = [...weights.keys()].filter((key) => cache.get(key) !== undefined);
    expect(there.join('')).toBe(kept);
    expect(cache.bytes).toBe(there.reduce((sum, key) => sum + (weights.get(key) ?? 0), 0));
  });
}
