import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { FakeTime, instance, scrapeOf } from '../../testing/workflows.ts';
import { isAnother, processOf } from '../../domain/workflows/engine-process.ts';
import { slicesPerWindow, WindowMeter } from './window-meter.ts';

const windowMs = 60_000;

interface Given {
  /** Finished requests on each page; an error is thrown. */
  readonly pages: readonly (number | Error)[];
  readonly usages?: readonly number[];
  /** When each process started, by page; none is told where there is none. */
  readonly started?: readonly number[];
  /** What is done to the clock before each page, in milliseconds. */
  readonly steps?: readonly number[];
}

/** An engine that gives these pages one after the other, and time that passes only where it is waited for. */
function meter({ pages, usages = [], started = [], steps = [] }: Given) {
  const time = new FakeTime();
  let asked = 0;
  const made = new WindowMeter({
    timeoutMs: 1_000,
    pace: time.pace,
    collector: {
      scrape: async () => {
        const at = asked++;
        time.stepClock(steps[at] ?? 0);
        const done = pages[at] ?? 0;
        if (done instanceof Error) throw done;
        return scrapeOf({ done, kvUsage: usages[at] ?? 0.5, startedS: started[at] }, time.clock.nowMs());
      },
    },
  });
  return { made, time };
}

const { signal } = new AbortController();
const request = { instance, windowMs, signal };
/** The first page and one at the end of each slice. */
const steady = Array.from({ length: slicesPerWindow + 1 }, (_, n) => 100 + n * 10);

test('counts are those between the first page and the last, levels the highest seen', async () => {
  const { made, time } = meter({ pages: steady, usages: [0.1, 0.2, 0.9, 0.3, 0.2, 0.1, 0.1] });
  const { figures, slices, restarted } = await made.measure(request);
  expect(figures).toMatchObject({ requests: 60, kv_usage: 0.9, ttft_p95_s: null });
  expect(slices.map(({ done }) => done)).toEqual([10, 10, 10, 10, 10, 10]);
  expect(time.waits).toEqual(Array.from({ length: slicesPerWindow }, () => 10_000));
  expect(restarted).toBe(false);
});

test('a window ends when the engine restarts in it, and tells what it is now', async () => {
  const { made, time } = meter({ pages: [...steady.slice(0, 4), 1, 2, 3] });
  const { figures, restarted, process } = await made.measure(request);
  expect([restarted, figures.requests, time.waits.length]).toEqual([true, null, 4]);
  expect(process.counts['vllm:request_success_total']).toBe(1);
});

test('a window that begins with another process than was known is torn from its beginning', async () => {
  const { made, time } = meter({ pages: steady, started: steady.map(() => 9) });
  const known = processOf('vllm', scrapeOf({ done: 1, startedS: 8 }, 0));
  const { restarted, figures } = await made.measure({ ...request, process: known });
  expect([restarted, figures.requests, time.waits]).toEqual([true, null, []]);
});

test('a page that can not be had is asked for again', async () => {
  const [first = 0, ...rest] = steady;
  const { made } = meter({ pages: [first, new Error('refused'), new Error('refused'), ...rest] });
  expect((await made.measure(request)).figures.requests).toBe(60);
});

test('an engine that is gone is given up', async () => {
  const { made } = meter({ pages: [100, ...Array.from({ length: 9 }, () => new Error('refused'))] });
  await expect(made.measure(request)).rejects.toThrow('refused');
});

const hourMs = 3_600_000;
const clockSteps = [
  { what: 'back by hours', stepMs: -5 * hourMs },
  { what: 'forward by hours', stepMs: 5 * hourMs },
  { what: 'back by less than a slice', stepMs: -1_000 },
];
for (const { what, stepMs } of clockSteps) {
  test(`a clock that is set ${what} in a window neither tears nor stretches it`, async () => {
    const { made, time } = meter({ pages: steady, steps: [0, 0, stepMs] });
    const { figures, slices, restarted } = await made.measure(request);
    expect([restarted, figures.requests, time.waits.length]).toEqual([false, 60, slicesPerWindow]);
    expect(slices.map(({ interval_s: seconds }) => seconds)).toEqual([10, 10, 10, 10, 10, 10]);
    expect(Date.parse(figures.to) - Date.parse(figures.from)).toBe(windowMs);
  });
}

const page = (done: number, startedS?: number) => scrapeOf({ done, startedS }, 0);
const processes = [
  { what: 'the same start and more requests', before: page(10, 5), now: page(11, 5), another: false },
  { what: 'another start, though it has counted more', before: page(10, 5), now: page(99, 6), another: true },
  { what: 'an earlier start, as after a clock that was set back', before: page(10, 5), now: page(11, 4), another: true }, // prettier-ignore
  { what: 'no start told and fewer requests', before: page(10), now: page(3), another: true },
  { what: 'no start told and as many requests', before: page(10), now: page(10), another: false },
  { what: 'no start told and nothing counted before', before: page(0), now: page(0), another: false },
  { what: 'a start told only now', before: page(10), now: page(11, 6), another: false },
  { what: 'the same start and all counters fallen', before: page(10, 5), now: page(3, 5), another: true },
];
for (const { what, before, now, another } of processes) {
  test(`${what} is ${another ? 'another' : 'the same'} process`, () => {
    expect(isAnother(processOf('vllm', before), now)).toBe(another);
  });
}
