import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { limitWords } from './limit-words.ts';

const cases: readonly { readonly limits: unknown; readonly words: string | undefined }[] = [
  { limits: { p95: '< 100ms', successRate: '100%' }, words: 'p95 < 100ms, successRate 100%' },
  { limits: { p95: { target: '< 50ms', acceptable: '< 200ms' } }, words: 'p95 < 50ms (acceptable < 200ms)' },
  { limits: { serviceTime: { p99: '< 1s' }, requests: 7 }, words: 'serviceTime.p99 < 1s, requests 7' },
  { limits: { p95: ['< 1s'], p99: undefined }, words: 'p95 (object)' },
  {
    limits: { p50: '1', p75: '2', p90: '3', p95: '4', p99: '5', max: '6', mean: '7' },
    words: 'p50 1, p75 2, p90 3, p95 4, p99 5, max 6, 1 more',
  },
  { limits: { id: 7 }, words: 'id 7' },
  { limits: { p95: '\u001b[31m::error::x' }, words: 'p95 : :error::x' },
  { limits: { p95: 'x'.repeat(100) }, words: `p95 ${'x'.repeat(55)}…` },
  { limits: {}, words: undefined },
  { limits: null, words: undefined },
];
for (const { limits, words } of cases)
  test(`${JSON.stringify(limits)} in a step is ${words ?? 'nothing'}`, () => {
    expect(limitWords(limits)).toBe(words);
  });
