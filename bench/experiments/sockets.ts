/**
 * Round trips over WebSockets beside what the server itself sees: it pings behind every echo, and its pongs take the same
 * way from the other end. Then the same with a server that is killed, whose victims must all have a name.
 */
import { inWorker } from '../children/worker.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { below, exactly, measured, type Reading } from '../reading.ts';
import { withEchoServer } from '../servers/start.ts';
import { socketTrips } from '../worker/jobs.ts';

const perSec = 500;
const open = 50;
const p50ErrorMs = 0.5;

/** What `/times` of the server says. */
interface Seen {
  readonly messages: number;
  readonly pongs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export const sockets: Experiment = {
  name: 'sockets',
  about: `${perSec} messages/s over ${open} WebSockets for 20 s (5 s with --quick), timed at both ends; then a killed server`,
  measure: async (setting) => [...(await beside(setting)), ...(await killed(setting))],
};

function beside(setting: Setting): Promise<readonly Reading[]> {
  return withEchoServer(setting, async ({ url }) => {
    const seconds = setting.quick ? 5 : 20;
    const { answer } = await inWorker(setting, { job: socketTrips, ask: { url, perSec, seconds, sockets: open } });
    const seen = (await (await fetch(`${url}/times`)).json()) as Seen;
    const { p50Ms = Number.NaN, p99Ms = Number.NaN, lagP99Ms = Number.NaN } = answer;
    return [
      measured('answered', 'requests', [answer.ok], { bar: exactly(perSec * seconds) }),
      measured("round trip p50, beside the server's own", 'ms', [Math.abs(p50Ms - seen.p50Ms)], {
        bar: below(p50ErrorMs),
        note: `ours ${p50Ms.toFixed(3)} ms, the server's ${seen.p50Ms.toFixed(3)} ms over ${seen.pongs} pongs`,
      }),
      measured('round trip p99', 'ms', [p99Ms], { note: `the server's ${seen.p99Ms.toFixed(3)} ms` }),
      measured('lag p99', 'ms', [lagP99Ms]),
      measured('abnormal closes', 'requests', [answer.abnormalCloses], { bar: exactly(0) }),
    ];
  });
}

function killed(setting: Setting): Promise<readonly Reading[]> {
  return withEchoServer(setting, async ({ url, pid }) => {
    const ask = { url, perSec, seconds: 4, sockets: open, kill: { pid, atMs: 2_000 } };
    const { answer } = await inWorker(setting, { job: socketTrips, ask });
    const lost = Object.entries(answer.errors);
    const unnamed = lost.filter(([kind]) => kind !== 'WebSocket 1006').reduce((sum, [, count]) => sum + count, 0);
    const note = lost.map(([kind, count]) => `${count} × ${kind}`).join(', ');
    return [
      measured('killed server: sockets told as lost', 'requests', [answer.abnormalCloses], { bar: exactly(open) }),
      measured('killed server: failures without its name', 'requests', [unnamed], { bar: exactly(0), note }),
    ];
  });
}
