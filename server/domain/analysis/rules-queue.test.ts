/** The bounds at which a promise that is broken makes a queue worse. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { nowMs, repeated } from '../../testing/snapshots.ts';
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
    expect(admissionLimited.judge({ engine: 'vllm', window, slos, minRequests: 0 })).toMatchObject({
      kind: 'found',
      findings: [{ rule: 'admission_limited', severity }],
    });
  });
