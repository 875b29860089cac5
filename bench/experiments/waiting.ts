/**
 * Ten thousand users who think two or three seconds between their requests, beside the same rate by fifty who hardly do,
 * and more who are idle nearly all of the time: those who wait must cost next to nothing.
 */
import { inWorker } from '../children/worker.ts';
import type { Experiment } from '../experiment.ts';
import { below, exactly, measured, notMeasured, type Reading } from '../reading.ts';
import { withFastServer } from '../servers/start.ts';
import { waiting, type WaitingAnswer } from '../worker/jobs.ts';

const many = { users: 10_000, thinkMs: [2_000, 3_000], connections: 'shared' } as const;
/** As many as have a connection each within the usual 20,000 open files, and within the ports of one address. */
const idle = { users: 15_000, thinkMs: [25_000, 35_000], seconds: 45, connections: 'per-user' } as const;
const few = { users: 50, thinkMs: [10, 15], connections: 'shared' } as const;
/** Percent of the event loop. */
const busy = below(50);
/** CPU of a request beside that of the few: their sockets and contexts take memory that is not at hand. */
const dearer = below(1.5);

export const waitingUsers: Experiment = {
  name: 'waiting',
  about: `${many.users} users thinking 2–3 s for 20 s (10 s with --quick), about the same rate by ${few.users}, and ${idle.users} thinking 25–35 s with a connection each`,
  measure: async (setting) =>
    withFastServer(setting, async ({ url }) => {
      const seconds = setting.quick ? 10 : 20;
      const { answer: ofMany } = await inWorker(setting, { job: waiting, ask: { ...many, url, seconds } });
      const { answer: ofIdle } = await inWorker(setting, { job: waiting, ask: { ...idle, url } });
      const { answer: ofFew } = await inWorker(setting, { job: waiting, ask: { ...few, url, seconds } });
      return [
        ...readings(`${many.users} users`, ofMany),
        measured(`${many.users} users: event loop`, '%', [mean(ofMany.elu) * 100], {
          bar: busy,
          note: `by second: ${ofMany.elu.map((elu) => Math.round(elu * 100)).join(' ')}; the generator is called ${ofMany.generator.verdict}: ${ofMany.generator.reason}`,
        }),
        ...readings(`${few.users} users`, ofFew),
        measured(
          `CPU of a request, ${many.users} users beside ${few.users}`,
          '×',
          [ofMany.cpuUsPerRequest / ofFew.cpuUsPerRequest],
          {
            bar: dearer,
          },
        ),
        ...idleReadings(ofIdle, ofFew),
      ];
    }),
};

function readings(who: string, { perSec, other, cpuUsPerRequest, peakMb, p99Ms, first }: WaitingAnswer): Reading[] {
  return [
    measured(`${who}: rate`, '/s', [perSec]),
    measured(`${who}: without a good answer`, 'requests', [other], { bar: exactly(0) }),
    measured(`${who}: CPU of a request`, 'µs', [cpuUsPerRequest]),
    measured(`${who}: peak memory of the worker`, 'MB', [peakMb]),
    measured(`${who}: service time p99`, 'ms', [p99Ms]),
    measured(`${who}: service time p99 of the first second`, 'ms', [first.p99Ms], {
      note: `${first.maxMs} ms at most, ${first.failed} failed`,
    }),
  ];
}

/** What those cost who do nothing. */
function idleReadings({ other, elu, peakMb, openFiles, first }: WaitingAnswer, ofFew: WaitingAnswer): Reading[] {
  const who = `${idle.users} idle users`;
  return [
    measured(`${who}: without a good answer`, 'requests', [other], {
      bar: exactly(0),
      note: `first second: p99 ${first.p99Ms} ms, ${first.maxMs} ms at most, ${first.failed} failed`,
    }),
    measured(`${who}: event loop`, '%', [mean(elu) * 100]),
    measured(`${who}: memory of each`, 'KB', [((peakMb - ofFew.peakMb) * 1_024) / idle.users], {
      note: `${Math.round(peakMb)} MB at the peak, less those of ${few.users} users`,
    }),
    openFiles === undefined
      ? notMeasured(`${who}: open files of each`, '×', 'the system does not list them')
      : measured(`${who}: open files of each`, '×', [openFiles / idle.users], { note: `${openFiles} in all` }),
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
