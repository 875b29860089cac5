/** How soon a reader sees something in a report, of one long run and of many, and how large it is. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { firstSeen, withBrowser } from '../children/browser.ts';
import { inWorker } from '../children/worker.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { below, type Bar, measured, type Reading } from '../reading.ts';
import { longRun, manyRuns } from '../worker/jobs.ts';
import { readMoments } from '../worker/probe.ts';
import type { Summary } from '../../load/measure/summary.ts';

const run = { seconds: 600, endpoints: 20, perSecond: 5 };
const many = 64;
const fewer = 8;
const opens = 5;
const limitMs = 600_000;

const bars = {
  page: below(1_536),
  interactive: below(1_000),
  reporter: below(2),
  summaryOfMany: below(1_024),
  usable: below(2_000),
} as const satisfies Readonly<Record<string, Bar>>;

/** A heading to sort by is drawn by the script alone; a chart is drawn when it comes into view. */
const looksFor = { table: 'main table th button', chart: '.chart svg' };

export const report: Experiment = {
  name: 'report',
  about: `the page of a run of ${run.seconds / 60} min over ${run.endpoints} endpoints, and of ${many} such runs in one`,
  measure: async (setting) => [...(await pageOfOne(setting)), ...(await pageOfMany(setting))],
};

async function pageOfOne(setting: Setting): Promise<Reading[]> {
  const { folder } = await inWorker(setting, { job: longRun, ask: run });
  const { seen } = await opened(folder, ['']);
  return [
    measured('one run: work after the last test', 's', [workOf(folder)], { bar: bars.reporter }),
    measured('one run: report.html', 'KB', [sizeOf(folder, 'report.html')], { bar: bars.page }),
    measured(
      'one run: table there',
      'ms',
      seen.map(({ table }) => table),
      { bar: bars.interactive },
    ),
    measured(
      'one run: first chart drawn',
      'ms',
      seen.map(({ chart }) => chart),
      { bar: bars.interactive },
    ),
  ];
}

async function pageOfMany(setting: Setting): Promise<Reading[]> {
  const of = setting.quick ? fewer : many;
  const { folder } = await inWorker(setting, { job: manyRuns, ask: run, limitMs, args: [`--repeat-each=${of}`] });
  const { runs } = JSON.parse(readFileSync(join(folder, 'load-results', 'summary.json'), 'utf8')) as Summary;
  if (runs.length !== of) throw new Error(`the report holds ${runs.length} runs of ${of}`);
  const { seen, fromPage } = await opened(folder, [`#run=${runs[of - 1]?.id ?? ''}`]);
  return [
    measured(`${of} runs: work after the last test`, 's', [workOf(folder)], {}),
    measured(`${of} runs: summary.json`, 'KB', [sizeOf(folder, 'summary.json')], { bar: bars.summaryOfMany }),
    measured(`${of} runs: report.html`, 'KB', [sizeOf(folder, 'report.html')]),
    measured(
      `${of} runs: table there`,
      'ms',
      seen.map(({ table }) => table),
      { bar: bars.usable },
    ),
    measured(
      `${of} runs: charts of the last, by its address`,
      'ms',
      seen.map(({ chart }) => chart),
      { bar: bars.usable },
    ),
    measured(`${of} runs: charts of another, from the table`, 'ms', fromPage, { bar: bars.interactive }),
  ];
}

function workOf(folder: string): number {
  const { lastTestMs, reportedMs } = readMoments(folder);
  if (lastTestMs === undefined || reportedMs === undefined)
    throw new Error('the probes around the reporter kept silent');
  return (reportedMs - lastTestMs) / 1_000;
}

function sizeOf(folder: string, name: string): number {
  return statSync(join(folder, 'load-results', name)).size / 1_024;
}

interface Opened {
  readonly seen: readonly Record<keyof typeof looksFor, number>[];
  /** From a click on the first line of the table to its charts. */
  readonly fromPage: readonly number[];
}

/** The page, several times afresh. */
async function opened(folder: string, [hash = '']: readonly string[]): Promise<Opened> {
  const url = `${pathToFileURL(join(folder, 'load-results', 'report.html')).href}${hash}`;
  return withBrowser(async (browser) => {
    const seen: Record<keyof typeof looksFor, number>[] = [];
    const fromPage: number[] = [];
    for (let time = 0; time < opens; time++) {
      const page = await browser.newPage();
      seen.push(await firstSeen(page, url, looksFor));
      if (hash !== '') fromPage.push(await page.evaluate<number>(clickFirstRun));
      await page.close();
    }
    return { seen, fromPage };
  });
}

/** Resolves with the milliseconds until the charts of another run are drawn. */
const clickFirstRun = `new Promise((resolve) => {
  const began = performance.now();
  const old = document.querySelector('.chart svg');
  document.querySelector('main table a[href^="#run="]').click();
  const look = () => {
    const now = document.querySelector('.chart svg');
    if (now !== null && now !== old) resolve(performance.now() - began);
    else requestAnimationFrame(look);
  };
  look();
})`;
