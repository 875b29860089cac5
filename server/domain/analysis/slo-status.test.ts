import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { nowMs, seconds, snapshot } from '../../testing/snapshots.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { burnWindows } from './burn-rate.ts';
import { sloSchema, type Slo } from './slo.ts';
import { sloStatus } from './slo-status.ts';
import { timeline } from './window.ts';

const slo = (fields: Partial<Slo>): Slo => ({
  name: 'n',
  metric: 'ttft_p95_s',
  op: '<',
  target: 0.5,
  window_s: 60,
  ...fields,
});
const statusOf = (snapshots: Snapshot[], promise: Slo) =>
  sloStatus({ line: timeline(snapshots), slo: promise, nowMs, minRequests: 50 });

const rows: { title: string; promise: Partial<Slo>; fields: Partial<Snapshot>; expected: object }[] = [
  {
    title: 'half the budget spent burns at a half',
    promise: {},
    fields: { ttft_s: seconds(0, 3_900, 100, 0, 0) },
    expected: { state: 'met', burn_rate: 0.5 },
  },
  {
    title: 'twice the share allowed burns at 2',
    promise: {},
    fields: { ttft_s: seconds(0, 90, 10, 0, 0) },
    expected: { state: 'violated', value: 0.75, ratio: 1.5, burn_rate: 2 },
  },
  {
    title: '49 requests that are fast say nothing',
    promise: {},
    fields: { ttft_s: seconds(0, 49, 0, 0, 0) },
    expected: { state: 'not_evaluated', value: null, reason: 'needs 50 in the window, got 49', burn_rate: null },
  },
  {
    title: '49 requests that are late prove it, and that they are late by this much at least',
    promise: {},
    fields: { ttft_s: seconds(0, 0, 0, 49, 0) },
    expected: { state: 'violated', value: 1, ratio: 2, reason: null },
  },
  {
    title: '20 requests of which 18 are above every bound are as late as the highest one, at least',
    promise: {},
    fields: { ttft_s: seconds(2, 0, 0, 0, 18) },
    expected: { state: 'violated', value: 2, ratio: 4 },
  },
  {
    title: '4 late ones of 49 may be chance',
    promise: {},
    fields: { ttft_s: seconds(45, 0, 0, 4, 0) },
    expected: { state: 'not_evaluated', value: null },
  },
  {
    title: '5 late ones of 49 are none',
    promise: {},
    fields: { ttft_s: seconds(44, 0, 0, 5, 0) },
    expected: { state: 'violated', value: 1 },
  },
  {
    title: '4 late ones of 4 are too few',
    promise: {},
    fields: { ttft_s: seconds(0, 0, 0, 0, 4) },
    expected: { state: 'not_evaluated', value: null, reason: 'needs 50 in the window, got 4' },
  },
  {
    title: 'few requests in the bucket of the promise may have kept it',
    promise: { target: 0.7 },
    fields: { ttft_s: seconds(0, 0, 20, 0, 0) },
    expected: { state: 'not_evaluated', value: null },
  },
  {
    title: 'few requests above the bound that is promised with `<=` break it by next to nothing, at least',
    promise: { op: '<=' },
    fields: { ttft_s: seconds(0, 0, 20, 0, 0) },
    expected: { state: 'violated', value: 0.5, ratio: 1 },
  },
  {
    title: 'half of few requests may be slower than a median allows',
    promise: { metric: 'ttft_p50_s' },
    fields: { ttft_s: seconds(10, 0, 0, 10, 0) },
    expected: { state: 'not_evaluated' },
  },
  {
    title: 'what the engine does not export is not measured',
    promise: {},
    fields: {},
    expected: { state: 'not_evaluated', reason: 'not measured' },
  },
  {
    title: 'an error rate at its limit keeps `<=`',
    promise: { metric: 'error_rate', op: '<=', target: 0.01 },
    fields: { done: 99, failed: 1 },
    expected: { state: 'met', value: 0.01, burn_rate: 1 },
  },
  {
    title: 'and breaks `<`',
    promise: { metric: 'error_rate', op: '<', target: 0.01 },
    fields: { done: 99, failed: 1 },
    expected: { state: 'violated', ratio: 1 },
  },
  {
    title: 'a rate counts the seconds that were measured',
    promise: { metric: 'requests_per_s', op: '>', target: 4 },
    fields: { done: 49, failed: 1 },
    expected: { state: 'met', value: 5 },
  },
  {
    title: 'a rate of 0 has no ratio',
    promise: { metric: 'requests_per_s', op: '>', target: 4 },
    fields: { done: 0, failed: 0 },
    expected: { state: 'violated', value: 0, ratio: null },
  },
];
for (const { title, promise, fields, expected } of rows) {
  test(title, () => {
    const { burn, ...status } = statusOf([snapshot(0, fields)], slo(promise));
    for (const [key, value] of Object.entries(expected)) {
      const actual: unknown = status[key as keyof typeof status];
      if (typeof value === 'number') expect(actual, key).toBeCloseTo(value, 9);
      else expect(actual, key).toEqual(value);
    }
    expect(burn).toHaveLength(promise.metric === 'requests_per_s' ? 0 : burnWindows.length);
  });
}

test('the window of a promise ends now and begins after its first moment', () => {
  const snapshots = [60, 59, 0].map((agoS) => snapshot(agoS, { done: 100, failed: 0 }));
  expect(statusOf(snapshots, slo({ metric: 'error_rate' })).window).toEqual({
    from: '2026-01-01T11:59:00.000Z',
    to: '2026-01-01T12:00:00.000Z',
    samples: 2,
    requests: 200,
  });
});

test('quantiles of a window come from merged counts, not from the quantiles of its snapshots', () => {
  const snapshots = [
    snapshot(10, { ttft_s: seconds(990, 0, 0, 0, 0) }),
    snapshot(0, { ttft_s: seconds(0, 0, 0, 10, 0) }),
  ];
  expect(statusOf(snapshots, slo({})).value).toBeCloseTo(0.1 * (950 / 990), 12);
});

/** One snapshot a minute for two hours, failing since so many minutes. */
function failing(sinceMinutes: number, share: number): Snapshot[] {
  return Array.from({ length: 121 }, (_, agoMinutes) => {
    const failed = agoMinutes < sinceMinutes ? 1_000 * share : 0;
    return snapshot(agoMinutes * 60, { interval_s: 60, done: 1_000 - failed, failed });
  });
}

const alerts = [
  { title: 'an hour of 20 % failures', snapshots: failing(60, 0.2), firing: true, long: 20, short: 20 },
  { title: 'a spike of one minute', snapshots: failing(1, 0.2), firing: false, long: 20 / 60, short: 4 },
  {
    title: 'failures that ended six minutes ago',
    snapshots: failing(60, 0.2).map((one, ago) => (ago < 6 ? { ...one, done: 1_000, failed: 0 } : one)),
    firing: false,
    long: 18,
    short: 0,
  },
];
for (const { agoS, firing } of [
  { agoS: 150, firing: false },
  { agoS: 151, firing: null },
]) {
  test(`an hour without failures that was last seen ${agoS} s ago: firing is ${firing}`, () => {
    const snapshots = failing(0, 0).map((one) => ({ ...one, taken_at: new Date(Date.parse(one.taken_at) - agoS * 1_000).toISOString() })); // prettier-ignore
    const { burn } = statusOf(snapshots, slo({ metric: 'error_rate', target: 0.01 }));
    expect(burn[0]).toMatchObject({ firing, reason: firing === null ? expect.stringContaining('151 s old') : null }); // prettier-ignore
  });
}

test('what fires goes on firing while the engine is out of reach', () => {
  const snapshots = failing(121, 0.2).map((one) => ({ ...one, taken_at: new Date(Date.parse(one.taken_at) - 200_000).toISOString() })); // prettier-ignore
  expect(statusOf(snapshots, slo({ metric: 'error_rate', target: 0.01 })).burn[0]).toMatchObject({ firing: true });
});

for (const { title, snapshots, firing, long, short } of alerts) {
  test(`${title} ${firing ? 'fires' : 'does not fire'} at 1 % allowed`, () => {
    const { burn } = statusOf(snapshots, slo({ metric: 'error_rate', target: 0.01 }));
    expect(burn[0]).toMatchObject({ long_s: 3_600, short_s: 300, factor: 14.4, firing, reason: null });
    expect(burn[0]?.long_rate).toBeCloseTo(long, 9);
    expect(burn[0]?.short_rate).toBeCloseTo(short, 9);
    expect(burn[1]).toMatchObject({ firing: null, reason: 'needs 21600 s of history, got 7200' });
  });
}

test('a budget too large to be burnt that fast is said to be so', () => {
  const snapshots = failing(60, 0).map((one) => ({ ...one, ttft_s: seconds(0, 0, 100, 0, 0) }));
  expect(statusOf(snapshots, slo({ metric: 'ttft_p50_s' })).burn[0]).toMatchObject({
    firing: null,
    reason: "a budget of 50 % can't be spent 14.4 times as fast as allowed",
  });
});

const refused = [
  { fields: { op: '>' }, says: /latencies/ },
  { fields: { metric: 'requests_per_s' }, says: /rates/ },
  { fields: { metric: 'error_rate', target: 1 }, says: /below 1/ },
  { fields: { target: 0 }, says: /./ },
  { fields: { window_s: 9 }, says: /./ },
  { fields: { metric: 'ttft' }, says: /./ },
  { fields: { note: 'x' }, says: /note/ },
];
for (const { fields, says } of refused) {
  test(`a promise with ${JSON.stringify(fields)} is refused`, () => {
    const parsed = sloSchema.safeParse({ ...slo({}), ...fields });
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues.map(({ message }) => message).join()).toMatch(says);
  });
}
