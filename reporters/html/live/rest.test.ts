import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { restMs } from './rest.ts';

const rows = [
  { what: 'what costs nothing is renewed as often as it may', tookMs: 0, rests: 1_000 },
  { what: 'the share holds', tookMs: 6, rests: 2_000 },
  { what: 'what is shown is never older than a quarter of a minute', tookMs: 300, rests: 15_000 },
];
for (const { what, tookMs, rests } of rows)
  test(what, () => expect(restMs(tookMs, { share: 0.003, leastMs: 1_000 })).toBe(rests));
