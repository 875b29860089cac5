/**
 * More than this machine can send: the run ends saturated in a controlled way. What was due is started or dropped and
 * counted, nothing is lost, it ends in its time, and memory does not grow with what could not be sent.
 */
import { inWorker } from '../children/worker.ts';
import type { Experiment } from '../experiment.ts';
import { below, exactly, measured } from '../reading.ts';
import { withFastServer } from '../servers/start.ts';
import { openLoad } from '../worker/jobs.ts';

const perSec = 20_000;
const growthMb = 100;
/** Of what is held when all garbage is gone: what is measured is kept by the second, not by the request. */
const heldMb = 40;
/** Late starts go on for 5 s, and the last of them has to be answered. */
const beyondSeconds = 10;

export const overload: Experiment = {
  name: 'overload',
  about: `${perSec}/s asked of one core for 20 s (5 s with --quick): what was due is started or dropped, and counted`,
  measure: async (setting) =>
    withFastServer(setting, async ({ url }) => {
      const seconds = setting.quick ? 5 : 20;
      const { answer } = await inWorker(setting, { job: openLoad, ask: { url, starts: { perSec, seconds } } });
      const { scheduled, started, dropped, ok, other, generator, rssMb, held } = answer;
      const [before = Number.NaN] = rssMb;
      return [
        measured('due', 'requests', [scheduled], { bar: exactly(perSec * seconds) }),
        measured('neither started nor dropped', 'requests', [scheduled - started - dropped], { bar: exactly(0) }),
        measured('started, and neither answered nor told why not', 'requests', [started - ok - other], {
          bar: exactly(0),
          note: `${started} started, ${dropped} dropped, ${other} without a good answer; the generator is called ${generator.verdict}`,
        }),
        measured('dropped', 'requests', [dropped]),
        measured('lag p50', 'ms', [answer.lagP50Ms]),
        measured('lag p99', 'ms', [answer.lagP99Ms]),
        measured('longer than planned', 's', [Math.max(0, answer.durationMs / 1_000 - seconds)], {
          bar: below(beyondSeconds),
        }),
        measured(
          'worker: held after above before, without garbage',
          'MB',
          [Math.max(0, held.afterMb - held.beforeMb)],
          {
            bar: below(heldMb),
          },
        ),
        measured('worker: resident memory after above before', 'MB', [Math.max(0, (rssMb.at(-1) ?? before) - before)], {
          bar: below(growthMb),
          note: `MB every half second: ${rssMb.map(Math.round).join(' ')}`,
        }),
      ];
    }),
};
