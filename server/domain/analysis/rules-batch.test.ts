/** When a batch is small, and when drafting does not pay. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { nowMs, repeated } from '../../testing/snapshots.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { analyse } from './analyse.ts';
import type { RuleId } from './finding.ts';

const few = { running: 3, waiting: 0, kv_usage: 0.02, done: 5, progress: 100, prefix_hits: null };
const drafts = (spec_drafted: number | null, share: number) => ({
  ...few,
  running: 20,
  spec_drafted,
  spec_accepted: spec_drafted === null ? null : spec_drafted * share,
});
const cases: { rule: RuleId; say: string; fields: Partial<Snapshot>; said: string }[] = [
  { rule: 'batch_underfilled', say: 'three run where hundreds fit', fields: few, said: 'info' },
  { rule: 'batch_underfilled', say: 'eight run', fields: { ...few, running: 8 }, said: 'clear' },
  {
    rule: 'batch_underfilled',
    say: 'three fill a tenth of the cache',
    fields: { ...few, kv_usage: 0.1 },
    said: 'clear',
  },
  { rule: 'batch_underfilled', say: 'somebody waits', fields: { ...few, waiting: 1 }, said: 'clear' },
  { rule: 'admission_limited', say: 'somebody waits', fields: { ...few, waiting: 1 }, said: 'medium' },
  { rule: 'batch_underfilled', say: 'hardly anything runs', fields: { ...few, running: 0.4 }, said: 'clear' },
  { rule: 'batch_underfilled', say: 'the queue is not told', fields: { ...few, waiting: null }, said: 'requests wait' },
  { rule: 'speculation_low', say: 'three of ten drafts are kept', fields: drafts(1_000, 0.3), said: 'clear' },
  { rule: 'speculation_low', say: 'fewer are kept', fields: drafts(1_000, 0.29), said: 'info' },
  { rule: 'speculation_low', say: 'one of ten is kept', fields: drafts(1_000, 0.1), said: 'info' },
  { rule: 'speculation_low', say: 'hardly one is kept', fields: drafts(1_000, 0.09), said: 'medium' },
  { rule: 'speculation_low', say: 'few are drafted', fields: drafts(100, 0), said: 'needs 1000 drafted tokens' },
  { rule: 'speculation_low', say: 'none is drafted', fields: drafts(0, 0), said: 'no drafted tokens' },
  { rule: 'speculation_low', say: 'none is counted', fields: drafts(null, 0), said: 'no drafted tokens' },
];
for (const { rule, say, fields, said } of cases)
  test(`${rule} where ${say}: ${said}`, () => {
    const { findings, clear, not_evaluated } = analyse({ engine: 'vllm', snapshots: repeated(5, fields), nowMs });
    const open = not_evaluated.find((one) => one.rule === rule)?.reason;
    const found = findings.find((one) => one.rule === rule)?.severity;
    expect(found ?? (clear.includes(rule) ? 'clear' : open)).toContain(said);
  });
