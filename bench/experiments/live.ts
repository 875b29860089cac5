/** What the live page costs while two loads go on side by side and one page is open. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSnapshot, type LiveSnapshot } from '../../load/measure/snapshot.ts';
import { eventsPath } from '../../reporters/html/page-data.ts';
import { startServer } from '../children/child.ts';
import { cpuMsOf } from '../children/cpu-share.ts';
import { script } from '../children/programs.ts';
import type { Experiment } from '../experiment.ts';
import { below, measured } from '../reading.ts';
import { madeRun } from '../worker/made-run.ts';

/** Percent of one core. */
const liveShare = below(1);
const load = { endpoints: 5, perSecond: 100 };
/** Seconds that a worker tells again, since their numbers may still change. */
const toldAgain = 12;
/** The loads have gone on for so long when it begins. */
const firstSecond = 60;
const warmUpSeconds = 5;

export const live: Experiment = {
  name: 'live',
  about: `the live page's process while two loads of ${load.endpoints} endpoints and 500/s tell of themselves each second, one page open`,
  measure: async ({ quick, folder }) => {
    const seconds = quick ? 10 : 30;
    const file = join(folder, 'live-page.json');
    const snapshots = madeSnapshots(warmUpSeconds + seconds);
    const server = await startServer({ command: script('bench/servers/live-page.ts', file) });
    try {
      const { url, snapshotUrl } = JSON.parse(readFileSync(file, 'utf8')) as { url: string; snapshotUrl: string };
      const page = follow(url);
      await tellEachSecond(snapshotUrl, snapshots.slice(0, warmUpSeconds));
      const [beganAt, before] = [performance.now(), await cpuMsOf(server.pid)];
      await tellEachSecond(snapshotUrl, snapshots.slice(warmUpSeconds));
      const share = (((await cpuMsOf(server.pid)) - before) * 100) / (performance.now() - beganAt);
      await server.stop();
      const { messages, bytes } = await page;
      if (messages < seconds / 2) throw new Error(`the page that was open got ${messages} messages only`);
      const note = `one page open, which got ${messages} messages of ${Math.round(bytes / messages / 1_024)} KB`;
      return [measured("the live page's process", '%', [share], { bar: liveShare, note })];
    } finally {
      await server.stop();
    }
  },
};

/** Of each second one of each load. */
function madeSnapshots(seconds: number): string[][] {
  const titles = ['shoppers browse', 'shoppers buy'];
  return Array.from({ length: seconds }, (_, at) => {
    const second = firstSecond + at;
    const run = madeRun({ ...load, seconds: second });
    const since = at === 0 ? -Infinity : second - toldAgain;
    return titles.map((title) => {
      const snapshot: LiveSnapshot = encodeSnapshot(run, since, { title: ['shop.spec.ts', title], project: 'load' });
      return JSON.stringify(snapshot);
    });
  });
}

async function tellEachSecond(url: string, snapshots: readonly (readonly string[])[]): Promise<void> {
  const beganAt = performance.now();
  for (const [at, bodies] of snapshots.entries()) {
    const answers = await Promise.all(bodies.map(async (body) => fetch(url, { method: 'POST', body })));
    if (answers.some(({ ok }) => !ok)) throw new Error('the live page refused a snapshot');
    await new Promise((resolve) => setTimeout(resolve, beganAt + (at + 1) * 1_000 - performance.now()));
  }
}

/** Reads the events as an open page does, until the server is gone. */
async function follow(address: string): Promise<{ readonly messages: number; readonly bytes: number }> {
  let [messages, bytes] = [0, 0];
  const events = new URL(address);
  events.pathname = eventsPath;
  try {
    const { body } = await fetch(events);
    for await (const chunk of body ?? []) {
      const text = Buffer.from(chunk as Uint8Array).toString();
      messages += text.split('data: ').length - 1;
      bytes += text.length;
    }
  } catch {
    // The server is gone, in whichever way the connection ended.
  }
  return { messages, bytes };
}
