import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { readScrape, type Scrape } from '../../domain/engines/scrape.ts';
import { instance } from '../../testing/workflows.ts';
import { slicesPerWindow, WindowMeter } from './window-meter.ts';

const page = (atMs: number, done: number, kvUsage = 0.5): Scrape =>
  readScrape(`vllm:request_success_total{finished_reason="stop"} ${done}\nvllm:kv_cache_usage_perc ${kvUsage}\n`, atMs);

/** An engine that gives these pages one after the other, a second apart; an error is thrown. */
function meter(pages: (number | Error)[], usages: number[] = []) {
  const waits: number[] = [];
  let asked = 0;
  const made = new WindowMeter({
    timeoutMs: 1_000,
    pace: { wait: async (ms) => void waits.push(ms) },
    collector: {
      scrape: async () => {
        const at = asked++;
        const done = pages[at] ?? 0;
        if (done instanceof Error) throw done;
        return page(at * 1_000, done, usages[at]);
      },
    },
  });
  return { made, waits };
}

const { signal } = new AbortController();
/** The first page and one at the end of each slice. */
const steady = Array.from({ length: slicesPerWindow + 1 }, (_, n) => 100 + n * 10);

test('counts are those between the first page and the last, levels the highest seen', async () => {
  const { made, waits } = meter(steady, [0.1, 0.2, 0.9, 0.3, 0.2, 0.1, 0.1]);
  const { figures, slices } = await made.measure(instance, 60_000, signal);
  expect(figures).toMatchObject({ requests: 60, kv_usage: 0.9, ttft_p95_s: null, from: new Date(0).toISOString() });
  expect(slices.map(({ done }) => done)).toEqual([10, 10, 10, 10, 10, 10]);
  expect(waits).toEqual(Array.from({ length: slicesPerWindow }, () => 10_000));
});

test('a restarted engine makes the window begin again', async () => {
  const restarted = [...steady.slice(0, 4), 1, 2, 3]; // its counters are at the beginning again
  const again = Array.from({ length: slicesPerWindow }, (_, n) => 3 + (n + 1) * 5);
  const { made, waits } = meter([...restarted, ...again]);
  const { figures } = await made.measure(instance, 60_000, signal);
  expect(figures.requests).toBe(30);
  expect(waits).toHaveLength(2 * slicesPerWindow);
});

test('an engine that restarts all the time has no figures', async () => {
  const restless = Array.from({ length: 40 }, (_, n) => (n % 3 === 0 ? 1_000 - n : 1));
  const { figures } = await meter(restless).made.measure(instance, 60_000, signal);
  expect(figures.requests).toBeNull();
});

test('a page that can not be had is asked for again', async () => {
  const [first, ...rest] = steady;
  const { made } = meter([first ?? 0, new Error('refused'), new Error('refused'), ...rest]);
  expect((await made.measure(instance, 60_000, signal)).figures.requests).toBe(60);
});

test('an engine that is gone is given up', async () => {
  const { made } = meter([100, ...Array.from({ length: 9 }, () => new Error('refused'))]);
  await expect(made.measure(instance, 60_000, signal)).rejects.toThrow('refused');
});
