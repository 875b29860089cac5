/** How long a queue must last, and the bounds at which a promise that is broken makes it worse. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { nowMs, repeated, snapshot } from '../../testing/snapshots.ts';
import { distributionOf } from '../engines/distribution.ts';
import { analyse } from './analyse.ts';
import { admissionLimited } from './rules-queue.ts';
import type { SloStatus } from './slo-status.ts';
import { SnapshotWindow, timeline } from './window.ts';

const waits = repeated(5, { waiting: 1, running: 5, kv_usage: 0.5, overloaded: 0 });

const promise = (ratio: number, { metric = 'ttft_p95_s', state = 'violated' }: Partial<Promised> = {}) =>
  ({ slo: { name: 'a promise', metric, op: '<', target: 1, window_s: 300 }, state, ratio }) as SloStatus;

interface Promised {
  readonly metric: SloStatus['slo']['metric'];
  readonly state: SloStatus['state'];
}

const cases: readonly { say: string; slos: readonly SloStatus[]; severity: string }[] = [
  { say: 'no promise', slos: [], severity: 'medium' },
  { say: 'a promise missed by less than half', slos: [promise(1.49)], severity: 'medium' },
  { say: 'a promise missed by half', slos: [promise(1.5)], severity: 'high' },
  { say: 'a promise missed by less than twice', slos: [promise(1.99)], severity: 'high' },
  { say: 'a promise missed twice over', slos: [promise(2)], severity: 'critical' },
  { say: 'the worst of two promises', slos: [promise(1.2), promise(2.5)], severity: 'critical' },
  { say: 'a promise on the queue', slos: [promise(2, { metric: 'queue_p95_s' })], severity: 'critical' },
  { say: 'a promise on something else', slos: [promise(9, { metric: 'itl_p95_s' })], severity: 'medium' },
  { say: 'a promise that is kept', slos: [promise(9, { state: 'met' })], severity: 'medium' },
];
for (const { say, slos, severity } of cases)
  test(`a queue beside a roomy cache is ${severity} with ${say}`, () => {
    const window = new SnapshotWindow(timeline(waits), { fromMs: nowMs - 300_000, toMs: nowMs });
    expect(
      admissionLimited.judge({ engine: 'vllm', window, pieces: () => [window], slos, minRequests: 0 }),
    ).toMatchObject({
      kind: 'found',
      findings: [{ rule: 'admission_limited', severity }],
    });
  });

/** One of each digit, oldest first, as many seconds apart as they must be to fill the window. */
const bursts: { waiting: string; windowS: number; found: boolean }[] = [
  { waiting: '000000000000', windowS: 300, found: false },
  { waiting: '000900000000', windowS: 300, found: false }, // a short burst
  { waiting: '099999900000', windowS: 300, found: false },
  { waiting: '009999999900', windowS: 300, found: false }, // two of three
  { waiting: '000999999999', windowS: 300, found: true }, // three of four
  { waiting: '999999099999', windowS: 300, found: true },
  { waiting: '111110111111', windowS: 300, found: true },
  { waiting: '912345678901', windowS: 300, found: true },
  { waiting: '333333333330'.repeat(20), windowS: 3_600, found: true }, // four snapshots in each piece of the window
  { waiting: '333000'.repeat(40), windowS: 3_600, found: false },
];
for (const { waiting, windowS, found } of bursts)
  test(`a queue of ${waiting.slice(0, 12)}${waiting.length > 12 ? '…' : ''} in ${windowS} s is ${found ? 'lasting' : 'none'}`, () => {
    const apartS = windowS / waiting.length;
    const snapshots = Array.from(waiting, (digit, at) =>
      snapshot((waiting.length - 1 - at) * apartS, { running: 20, kv_usage: 0.5, waiting: Number(digit) }),
    );
    const { findings, clear } = analyse({ engine: 'vllm', snapshots, windowS, nowMs });
    expect(findings.map(({ rule }) => rule)).toEqual(found ? ['admission_limited'] : []);
    expect(clear.includes('admission_limited')).toBe(!found);
  });

for (const { queueS, severity } of [
  { queueS: 0.049, severity: 'info' },
  { queueS: 0.05, severity: 'medium' },
])
  test(`a queue that lasts, but takes ${queueS} of 1 s only, is ${severity}`, () => {
    const timed = (mean: number) => distributionOf({ bounds: [1, 2], counts: [10, 0, 0], sum: mean * 10 });
    const fields = { waiting: 1, running: 20, kv_usage: 0.5, queue_s: timed(queueS), e2e_s: timed(1) };
    const { findings } = analyse({ engine: 'vllm', snapshots: repeated(5, fields), nowMs });
    expect(findings).toMatchObject([{ rule: 'admission_limited', severity }]);
  });
