import { expect } from '@playwright/test';
import pino from 'pino';
import { test } from '../testing/plain-test.ts';
import type { RetentionStore } from '../store/retention.ts';
import { doubtMs, leapMs, Retention } from './retention.ts';

/** A store with so many old rows; what was asked of it is kept. */
function storeWith(snapshots: number, workflows: number) {
  const asked: { what: string; beforeMs: number }[] = [];
  const left = { snapshots, workflows };
  const forget = (what: 'snapshots' | 'workflows') => async (before: number | { beforeMs: number }, limit: number) => {
    asked.push({ what, beforeMs: typeof before === 'number' ? before : before.beforeMs });
    const gone = Math.min(limit, left[what]);
    left[what] -= gone;
    return gone;
  };
  const newestMs = async () => (snapshots + workflows === 0 ? undefined : 9_000);
  const store = { newestMs, forgetSnapshots: forget('snapshots'), forgetWorkflows: forget('workflows') };
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

const hourMs = 3_600_000;
/** The newest row is from 0; each look: what time has really passed, what the clock says, whether something is forgotten. */
const clocks = [
  { what: 'that is right', looks: [[0, 0, true], [hourMs, hourMs, true]] },
  { what: 'of an agent that was down for less than a day', looks: [[0, leapMs, true]] },
  { what: 'that leaps by ten years while the agent runs', looks: [[0, 0, true], [60_000, 87_600 * hourMs, false], [120_000, 87_600 * hourMs + 60_000, false]] },
  { what: 'that is ten years ahead at the start', looks: [[0, 87_600 * hourMs, false]] },
  { what: 'that leaps and is set right', looks: [[0, 0, true], [60_000, 87_600 * hourMs, false], [120_000, 120_000, true]] },
  { what: 'that leaps, and is still so after a day', looks: [[0, 30 * leapMs, false], [doubtMs - 1, 31 * leapMs, false], [doubtMs, 31 * leapMs, true]] },
  { what: 'that goes back', looks: [[0, 0, true], [60_000, -hourMs, true]] },
  { what: 'that creeps ahead by less than a day each time', looks: [[0, 0, true], [60_000, leapMs, true]] },
] as const; // prettier-ignore

for (const { what, looks } of clocks) {
  test(`a clock ${what} forgets ${looks.map(([, , forgets]) => (forgets ? 'what is old' : 'nothing')).join(', then ')}`, async () => {
    const { asked, store } = storeWith(1, 0);
    Object.assign(store, { newestMs: async () => 0 });
    const time = { passedMs: 0, wallMs: 0 };
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const parts = { store, log, snapshotsMs: 1_000, workflowsMs: 4_000 };
    const subject = new Retention({ ...parts, clock: { nowMs: () => time.wallMs }, monotonicMs: () => time.passedMs });
    for (const [passedMs, wallMs, forgets] of looks) {
      Object.assign(time, { passedMs, wallMs });
      asked.length = 0;
      await subject.sweep();
      expect(asked.length > 0).toBe(forgets);
    }
    expect(lines.length).toBe(looks.some(([, , forgets]) => !forgets) ? 1 : 0); // said once
  });
}
