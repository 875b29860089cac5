/** Where the time of requests goes, at the limits. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { nowMs, repeated, seconds } from '../../testing/snapshots.ts';
import { distributionOf, type Distribution } from '../engines/distribution.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { analyse } from './analyse.ts';
import type { RuleId } from './finding.ts';
import { hostBound } from './rules-time.ts';
import type { Slo } from './slo.ts';
import { SnapshotWindow, timeline } from './window.ts';

/** So many requests of that mean in a snapshot of 10 s. */
function timed(mean: number, count = 10): Distribution {
  return distributionOf({ bounds: [1_000], counts: [count, 0], sum: mean * count });
}

function saidOf(rule: RuleId, fields: Partial<Snapshot>, slos: readonly Slo[] = []) {
  const snapshots = repeated(6, { running: 20, ...fields });
  const { findings, clear, not_evaluated } = analyse({ engine: 'vllm', snapshots, slos, nowMs });
  const open = not_evaluated.find((one) => one.rule === rule)?.reason;
  return findings.find((one) => one.rule === rule)?.severity ?? (clear.includes(rule) ? 'clear' : open);
}

const steady = seconds(0, 100, 0, 0, 0);
const starving = seconds(80, 0, 0, 20, 0);
const promise: Slo = { name: 'first token', metric: 'ttft_p95_s', op: '<', target: 0.5, window_s: 300 };
const prefills: { say: string; fields: Partial<Snapshot>; slos?: Slo[]; said: string }[] = [
  { say: 'half of the time, a second each', fields: { prefill_s: timed(1), inference_s: timed(2) }, said: 'info' },
  { say: 'less than a second', fields: { prefill_s: timed(0.99), inference_s: timed(1) }, said: 'clear' },
  {
    say: 'less than half, and not always',
    fields: { prefill_s: timed(1, 9), inference_s: timed(2.1, 9) },
    said: 'clear',
  },
  { say: 'less than half, but always one', fields: { prefill_s: timed(1), inference_s: timed(9) }, said: 'info' },
  {
    say: 'and those who are answered wait for it',
    fields: { prefill_s: timed(2), inference_s: timed(3), itl_s: starving },
    said: 'medium',
  },
  {
    say: 'and those who are answered do not notice',
    fields: { prefill_s: timed(2), inference_s: timed(3), itl_s: steady },
    said: 'info',
  },
  {
    say: 'and a promise on the first token is broken',
    fields: { prefill_s: timed(2), inference_s: timed(3), ttft_s: seconds(0, 0, 0, 0, 100) },
    slos: [promise],
    said: 'medium',
  },
  {
    say: 'told by the first token without the queue',
    fields: { ttft_s: timed(5), queue_s: timed(1), e2e_s: timed(8) },
    said: 'info',
  },
  {
    say: 'mostly the queue',
    fields: { ttft_s: timed(5), queue_s: timed(4.5), e2e_s: timed(8) },
    said: 'clear',
  },
  { say: 'of few requests', fields: { prefill_s: timed(4, 1), inference_s: timed(5, 1) }, said: 'needs 50 timed' },
  {
    say: 'of few requests for half of the window',
    fields: { prefill_s: timed(5, 1), inference_s: timed(6, 1) },
    said: 'info',
  },
  { say: 'not told', fields: {}, said: 'how long prompts are read' },
  {
    say: 'longer in the queue than in all',
    fields: { ttft_s: timed(1), queue_s: timed(9), e2e_s: timed(8) },
    said: 'how long prompts',
  },
];
for (const { say, fields, slos = [], said } of prefills)
  test(`reading prompts ${say}: ${said}`, () => {
    expect(saidOf('prefill_bound', fields, slos)).toContain(said);
  });

const hosts: { say: string; e2e: number; said: string }[] = [
  { say: 'nothing', e2e: 10, said: 'clear' },
  { say: 'less than nothing, of other requests', e2e: 9, said: 'clear' },
  { say: 'three tenths', e2e: 10 / 0.7 + 0.001, said: 'medium' },
  { say: 'less than three tenths', e2e: 10 / 0.7 - 0.001, said: 'clear' },
  { say: 'half', e2e: 20, said: 'high' },
];
for (const { say, e2e, said } of hosts)
  test(`${say} of a request is outside queue and engine: ${said}`, () => {
    expect(saidOf('host_bound', { e2e_s: timed(e2e), queue_s: timed(1), inference_s: timed(9) })).toContain(said);
  });

test('a large share of next to nothing is no trouble of the host', () => {
  expect(saidOf('host_bound', { e2e_s: timed(0.06), queue_s: timed(0.001), inference_s: timed(0.01) })).toBe('clear');
});

test('few requests have no share outside', () => {
  const fields = { e2e_s: timed(20, 8), queue_s: timed(1, 8), inference_s: timed(9, 8) };
  expect(saidOf('host_bound', fields)).toBe('needs 50 timed requests in the window, got 48');
});

test('a page that does not tell one of the times leaves the host open', () => {
  const window = new SnapshotWindow(timeline(repeated(6, { e2e_s: timed(20), queue_s: timed(1) })), {
    fromMs: nowMs - 300_000,
    toMs: nowMs,
  });
  const input = { engine: 'vllm', window, pieces: () => [window], slos: [], minRequests: 1 } as const;
  expect(hostBound.judge(input).kind).toBe('not_evaluated');
});
