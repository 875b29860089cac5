import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { recordRun } from '../../testing/recorded-run.ts';
import { goodputOfSlos } from './goodput-of-slos.ts';
import type { RunLimits } from './limits.ts';
import { parseLimits } from './parse-limits.ts';
import { nameOfSlo, slo, type SloOptions } from './slo.ts';

const limits: RunLimits = {
  p95: '< 100ms',
  serviceTime: { p99: { target: '< 1s', acceptable: '< 2s' } },
  errorRate: '< 1%',
};
const words = 'p95 < 100ms, serviceTime.p99 < 1s (acceptable < 2s), errorRate < 1%';

test('an SLO is its limits, with a name that is none of them', () => {
  const checkout = slo(limits, { name: 'checkout' });
  expect({ ...checkout }).toEqual(limits);
  expect(Object.keys(checkout)).toEqual(['p95', 'serviceTime', 'errorRate']);
  expect(checkout.name).toBe('checkout');
  expect(checkout.describe()).toBe(words);
  expect([nameOfSlo(checkout), nameOfSlo({ ...checkout }), nameOfSlo(limits)]).toEqual([
    'checkout',
    undefined,
    undefined,
  ]);
});

test('without a name an SLO is called by its limits', () => {
  expect(slo(limits).name).toBe(words);
});

const refused: readonly { readonly limits: unknown; readonly options?: unknown; readonly says: string }[] = [
  { limits: { p59: '< 1s' }, says: '`p59` is no metric of a run' },
  { limits: { p95: '1s' }, says: '`p95` must be a limit such as' },
  { limits: {}, says: '`slo` needs at least one limit' },
  { limits: 'p95 < 1s', says: '`slo` takes limits such as' },
  { limits, options: null, says: '`slo` takes its options as an object, got null' },
  { limits, options: 'quick', says: '`slo` takes its options as an object, got string' },
  { limits, options: ['quick'], says: '`slo` takes its options as an object, got a list' },
  { limits, options: { title: 'a' }, says: '`title` is no option of `slo`; known are name' },
  { limits, options: { name: ' ' }, says: '`name` must be a text, got " "' },
];
for (const { limits: given, options = {}, says } of refused) {
  test(`refused at once: ${JSON.stringify(given)} ${JSON.stringify(options)}`, () => {
    expect(() => slo(given as RunLimits, options as SloOptions)).toThrow(says);
  });
}

test('what users got of each SLO of a run is told by its name, of those with a latency limit', () => {
  const data = recordRun();
  const ask = (asked: RunLimits, name: string, window?: { kind: 'every'; lengthMs: number; text: string }) =>
    data.thresholds.push(
      ...parseLimits(asked, {
        scope: { kind: 'run' },
        model: 'closed',
        apdexGiven: false,
        ...(window && { window }),
      }).map((threshold) => ({ ...threshold, slo: name })),
    );
  ask({ p95: '< 50ms', errorRate: '< 1%' }, 'quick');
  ask({ p99: '< 90.5ms' }, 'slow');
  ask({ errorRate: '< 1%' }, 'whole');
  ask({ p95: '< 10ms' }, 'windowed', { kind: 'every', lengthMs: 1_000, text: 'every 1s' });
  expect(goodputOfSlos(data)).toEqual([
    { name: 'quick', good: 50, of: 100, share: 0.5, perSec: 5 },
    { name: 'slow', good: 90, of: 100, share: 0.9, perSec: 9 },
  ]);
});
