/** What it costs to show a run: the work after the last test, the size of what is written, the view while it goes. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inWorker, type Worked } from '../children/worker.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { below, type Bar, measured, notMeasured, type Reading, type Unit } from '../reading.ts';
import { eventsPath } from '../../reporters/html/page-data.ts';
import { withFastServer } from '../servers/start.ts';
import { longRun, openLoad } from '../worker/jobs.ts';
import { type Moments, readMoments } from '../worker/probe.ts';

const afterLastTest = below(2);
/** Percent of one core. */
const liveShare = below(1);
const run = { seconds: 600, endpoints: 20, perSecond: 5 };

export const reporter: Experiment = {
  name: 'reporter',
  about: `the load reporter after a run of ${run.seconds / 60} min over ${run.endpoints} endpoints, and its live view`,
  measure: async (setting) => {
    const long = await inWorker(setting, { job: longRun, ask: run });
    return [
      measured('payload of the run', 'KB', [long.answer.payloadKb]),
      afterTheTest(readMoments(long.folder)),
      ...sizes(long),
      await liveView(setting),
    ];
  },
};

function afterTheTest({ lastTestMs, reportedMs }: Moments): Reading {
  if (lastTestMs === undefined || reportedMs === undefined)
    throw new Error('the probes around the reporter kept silent');
  return measured('work after the last test', 's', [(reportedMs - lastTestMs) / 1_000], { bar: afterLastTest });
}

function sizes({ folder }: Worked<unknown>): Reading[] {
  return [
    sizeOf('load-results/summary.json', join(folder, 'load-results', 'summary.json')),
    sizeOf('load-results/report.html', join(folder, 'load-results', 'report.html')),
    sizeOf("Playwright's own index.html", join(folder, 'html', 'index.html')),
  ];
}

function sizeOf(what: string, file: string): Reading {
  return existsSync(file)
    ? measured(what, 'KB', [statSync(file).size / 1_024])
    : notMeasured(what, 'KB', 'the reporter wrote none');
}

/** CPU of the runner's process during the same load with the live view and one page open, beyond that without it. */
async function liveView(setting: Setting): Promise<Reading> {
  const [what, unit, bar]: [string, Unit, Bar] = ['live view: CPU of the runner beyond that without', '%', liveShare];
  return withFastServer(setting, async ({ url }) => {
    const ask = { url, starts: { perSec: 500, seconds: setting.quick ? 5 : 10 } };
    let page: Promise<number> | undefined;
    const onLine = (line: string) => {
      const address = /http:\/\/(?:127\.0\.0\.1|localhost):\d+\/\?token=[\w-]+/.exec(line)?.[0];
      if (address !== undefined) page ??= follow(address);
    };
    const shown = await inWorker(setting, { job: openLoad, ask, env: { LOAD_DASHBOARD: '1' }, onLine });
    if (page === undefined) return notMeasured(what, unit, 'no address of a live view was printed', { bar });
    const plain = await inWorker(setting, { job: openLoad, ask });
    const share = runnerShare(shown.folder) - runnerShare(plain.folder);
    return measured(what, unit, [share], { bar, note: `one page open, which got ${await page} messages` });
  });
}

/** Reads the events as an open page does, until the run is over; resolves with how many there were. */
async function follow(address: string): Promise<number> {
  let messages = 0;
  try {
    const events = new URL(address);
    events.pathname = eventsPath;
    const { body } = await fetch(events);
    for await (const chunk of body ?? []) messages += Buffer.from(chunk).toString().split('\n\n').length - 1;
  } catch {
    // The run is over when the connection ends, in whichever way it ends.
  }
  return messages;
}

function runnerShare(folder: string): number {
  const { firstTestMs = Number.NaN, lastTestMs = Number.NaN, cpuMs = Number.NaN } = readMoments(folder);
  return (cpuMs * 100) / (lastTestMs - firstTestMs);
}
