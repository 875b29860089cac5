import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { Plan } from '../../domain/optimization/plan.ts';
import { defaultWorkflowSettings, type Workflow } from '../../domain/workflows/workflow.ts';
import { FakeTime, instance, scrapeOf, workflow } from '../../testing/workflows.ts';
import { measureBefore } from './window-before.ts';
import { WindowMeter } from './window-meter.ts';

const settings = { ...defaultWorkflowSettings, monitor_s: 60, restart_s: 300 };
const plan: Plan = { engine: 'vllm', actions: [], skipped: [], changes: [], restart: true };
const { signal } = new AbortController();

interface Given {
  /** When each process of the engine answers first, in seconds from the beginning; the first one from before. */
  readonly starts?: readonly number[];
  /** From when to when the engine is away, in seconds. */
  readonly away?: readonly [number, number];
  /** The last workflow that changed the instance, which ended so long ago. */
  readonly last?: Partial<Workflow>;
  readonly agoS?: number;
}

/** Measures an engine whose life is told; in seconds, when the window before the change began. */
async function began({ starts = [], away = [0, 0], last, agoS = 0 }: Given): Promise<number> {
  const time = new FakeTime();
  const beganMs = time.clock.nowMs();
  const scrape = async () => {
    const atS = time.passedMs / 1_000;
    if (atS >= away[0] && atS < away[1]) throw new Error('refused');
    const startedS = starts.filter((startS) => startS <= atS).at(-1) ?? -1_000;
    return scrapeOf({ done: Math.round((atS - startedS) * 10), startedS: 5_000 + startedS }, time.clock.nowMs());
  };
  const changed = last && workflow('rolled_back', { plan, told: [10] }, { settings, updatedAtMs: beganMs - agoS * 1_000, ...last }); // prettier-ignore
  const tools = {
    ...{ clock: time.clock, pace: time.pace, lastChange: async () => changed },
    meter: new WindowMeter({ collector: { scrape }, pace: time.pace, timeoutMs: 1_000 }),
  };
  const { status, progress } = await measureBefore(tools, { workflow: workflow('collecting', {}, { settings }), instance, signal }); // prettier-ignore
  expect(status).toBe('analyzing');
  expect(Date.parse(progress.baseline?.to ?? '') - Date.parse(progress.baseline?.from ?? '')).toBe(60_000);
  return (Date.parse(progress.baseline?.from ?? '') - beganMs) / 1_000;
}

const takenBack: Partial<Workflow> = {};
const measured: (Given & { what: string; fromS: number })[] = [
  { what: 'an engine that is there is measured at once', fromS: 0 },
  { what: 'so is one whose change was taken back and that does not restart', last: takenBack, fromS: 0 },
  { what: 'a moment of trouble is waited out', away: [0, 5], fromS: 6 },
  { what: 'one that is away after a rollback is waited for, and warms up', last: takenBack, away: [0, 120], starts: [120], fromS: 180 }, // prettier-ignore
  { what: 'one that goes down only after a while, too', last: takenBack, away: [25, 120], starts: [120], fromS: 180 },
  { what: 'one that restarts unasked warms up', starts: [25], fromS: 90 },
];
for (const { what, fromS, ...given } of measured) {
  test(`the window before the change: ${what}, from ${fromS} s on`, async () => {
    expect(await began(given)).toBe(fromS);
  });
}

const longAway = [0, 120] as const;
const failing: (Given & { what: string })[] = [
  { what: 'nothing was taken back', away: longAway },
  { what: 'the last change was completed', away: longAway, last: { status: 'completed' } },
  { what: 'nobody had been told of the change', away: longAway, last: { progress: { plan } } },
  { what: 'the change needed no restart', away: longAway, last: { progress: { plan: { ...plan, restart: false }, told: [10] } } }, // prettier-ignore
  { what: 'the rollback is too long ago', away: longAway, last: takenBack, agoS: 300 },
  { what: 'it does not come back in time', away: [0, 400], last: takenBack, agoS: 10 },
];
for (const { what, ...given } of failing) {
  test(`an engine that is away before the change fails the workflow when ${what}`, async () => {
    await expect(began(given)).rejects.toThrow('refused');
  });
}

test('after a rollback an engine may restart more often, but not for longer than its time', async () => {
  const starts = Array.from({ length: 40 }, (_, n) => n * 25);
  expect(await began({ last: takenBack, starts: starts.slice(0, 8) })).toBe(240); // the last one at 175
  await expect(began({ last: takenBack, starts })).rejects.toThrow('the engine keeps restarting');
});
