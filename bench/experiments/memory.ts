/** Memory goes with endpoints and seconds, not with requests: the worker's, and the size of Playwright's report. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from '../../load/analysis/statistics/quantile.ts';
import { inWorker } from '../children/worker.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { below, exactly, measured, type Reading } from '../reading.ts';
import { withFastServer } from '../servers/start.ts';
import { memory, type MemoryAnswer } from '../worker/jobs.ts';

const growthMb = 50;
const reportGrowthKb = 200;
/** After so many requests a worker has compiled and allocated what it ever will. */
const settledAfter = 50_000;
const few = 1_000;
const limitMs = 300_000;
const asking = { users: 50, read: 'json' } as const;

export const memoryOfOneTest: Experiment = {
  name: 'memory',
  about: "the worker's resident memory over 200,000 requests of one test, and the growth of Playwright's HTML report",
  measure: async (setting) =>
    withFastServer(setting, async ({ url }) => {
      const requests = setting.quick ? 20_000 : 200_000;
      const small = await inWorker(setting, { job: memory, ask: { ...asking, url, requests: few, lookEvery: few } });
      const big = await inWorker(setting, {
        job: memory,
        ask: { ...asking, url, requests, lookEvery: requests / 20 },
        limitMs,
      });
      const reportKb = (await folderKb(join(big.folder, 'html'))) - (await folderKb(join(small.folder, 'html')));
      return [
        ...accounted(requests, big.answer),
        measured('worker: peak above its start', 'MB', [growthFrom(0, big.answer)], {
          bar: below(growthMb),
          note: pathOf(big.answer),
        }),
        measured('HTML report: larger than of 1,000 requests', 'KB', [reportKb], { bar: below(reportGrowthKb) }),
      ];
    }),
};

export const memoryOfAMillion: Experiment = {
  name: 'million',
  about: "the worker's resident memory over 1,000,000 requests of one test (100,000 with --quick)",
  measure: async (setting: Setting) =>
    withFastServer(setting, async ({ url }) => {
      const requests = setting.quick ? 100_000 : 1_000_000;
      const { answer } = await inWorker(setting, {
        job: memory,
        ask: { ...asking, url, requests, lookEvery: settledAfter },
        limitMs,
      });
      return [
        ...accounted(requests, answer),
        measured(`worker: settled above the first ${settledAfter}`, 'MB', [settledFrom(settledAfter, answer)], {
          bar: below(growthMb),
          note: pathOf(answer),
        }),
        measured(`worker: peak above the first ${settledAfter}`, 'MB', [growthFrom(settledAfter, answer)], {
          bar: below(growthMb),
        }),
      ];
    }),
};

function accounted(requests: number, { ok, perSec }: MemoryAnswer): Reading[] {
  return [measured('answered', 'requests', [ok], { bar: exactly(requests) }), measured('throughput', '/s', [perSec])];
}

/** Highest reading from so many requests on, above the first of them. */
function growthFrom(requests: number, { rssMb }: MemoryAnswer): number {
  const readings = rssMb.filter((reading) => reading.requests >= requests).map(({ mb }) => mb);
  return Math.max(...readings) - (readings[0] ?? Number.NaN);
}

/** The median of the last quarter above the first reading: what grows, without what the collector was yet to fetch. */
function settledFrom(requests: number, { rssMb }: MemoryAnswer): number {
  const readings = rssMb.filter((reading) => reading.requests >= requests).map(({ mb }) => mb);
  return (median(readings.slice(-Math.ceil(readings.length / 4))) ?? Number.NaN) - (readings[0] ?? Number.NaN);
}

function pathOf({ rssMb }: MemoryAnswer): string {
  return `MB on the way: ${rssMb.map(({ mb }) => Math.round(mb)).join(' ')}`;
}

async function folderKb(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => stat(join(folder, name))));
  return sizes.reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0) / 1_024;
}
