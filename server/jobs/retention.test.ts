import { expect } from '@playwright/test';
import pino from 'pino';
import { test } from '../testing/plain-test.ts';
import type { RetentionStore } from '../store/retention.ts';
import { Retention } from './retention.ts';

/** A store with so many old rows; what was asked of it is kept. */
function storeWith(snapshots: number, workflows: number) {
  const asked: { what: string; beforeMs: number }[] = [];
  const left = { snapshots, workflows };
  const forget = (what: 'snapshots' | 'workflows') => async (beforeMs: number, limit: number) => {
    asked.push({ what, beforeMs });
    const gone = Math.min(limit, left[what]);
    left[what] -= gone;
    return gone;
  };
  const store = { forgetSnapshots: forget('snapshots'), forgetWorkflows: forget('workflows') };
  return { asked, left, store: store as unknown as RetentionStore };
}

function retention(store: RetentionStore): Retention {
  const log = pino({ level: 'silent' });
  return new Retention({ store, clock: { nowMs: () => 10_000 }, log, snapshotsMs: 1_000, workflowsMs: 4_000 });
}

test('all that is too old goes, a part at a time, each kind by its own age', async () => {
  const { asked, left, store } = storeWith(1_200, 3);
  await retention(store).sweep();
  expect(left).toEqual({ snapshots: 0, workflows: 0 });
  expect(asked).toEqual([
    { what: 'snapshots', beforeMs: 9_000 },
    { what: 'snapshots', beforeMs: 9_000 },
    { what: 'snapshots', beforeMs: 9_000 },
    { what: 'workflows', beforeMs: 6_000 },
  ]);
});

test('a stopped one does not begin another part', async () => {
  const { asked, store } = storeWith(5_000, 0);
  const stopped = retention(store);
  await stopped.stop();
  await stopped.sweep();
  expect(asked).toEqual([]);
});
