/**
 * A server that stands still for one second of ten, under 500 requests a second: of 5,000, 500 wait between 0 and 1 s,
 * so the true response p99 is 0.9 s. Whoever measures from the actual start, or sends late, does not see it.
 */
import { inWorker } from '../children/worker.ts';
import type { Experiment } from '../experiment.ts';
import { below, exactly, measured } from '../reading.ts';
import { withFastServer } from '../servers/start.ts';
import { openLoad } from '../worker/jobs.ts';

const perSec = 500;
const seconds = 10;
const freezeMs = 1_000;
const scheduled = perSec * seconds;
/** The slowest hundredth begins where the freeze was so far along that 1 % of all requests were still to come in it. */
export const trueP99Ms = freezeMs - (0.01 * scheduled * 1_000) / perSec;
const p99ErrorPercent = 5;
const p50Ms = 2;

export const frozen: Experiment = {
  name: 'frozen',
  about: `${perSec}/s for ${seconds} s, the server frozen for ${freezeMs / 1_000} s of it: the true response p99 is ${trueP99Ms} ms`,
  measure: async (setting) =>
    withFastServer(setting, async ({ url, pid }) => {
      const ask = { url, starts: { perSec, seconds }, freeze: { pid, atMs: 4_500, forMs: freezeMs } };
      const { answer } = await inWorker(setting, { job: openLoad, ask });
      const errorPercent = (Math.abs(answer.responseP99Ms - trueP99Ms) * 100) / trueP99Ms;
      return [
        measured('scheduled', 'requests', [answer.scheduled], { bar: exactly(scheduled) }),
        measured('answered', 'requests', [answer.ok], { bar: exactly(scheduled) }),
        measured('dropped', 'requests', [answer.dropped], { bar: exactly(0) }),
        measured('response p99: its error', '%', [errorPercent], {
          bar: below(p99ErrorPercent),
          note: `measured ${answer.responseP99Ms.toFixed(0)} ms`,
        }),
        measured('response p50', 'ms', [answer.responseP50Ms], { bar: below(p50Ms) }),
        measured('lag p99', 'ms', [answer.lagP99Ms]),
      ];
    }),
};
