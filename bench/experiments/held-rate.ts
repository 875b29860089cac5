/** A rate held against the agent: every start on time is what an open model is worth. */
import { inWorker } from '../children/worker.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { atLeast, below, measured } from '../reading.ts';
import { withAgent } from '../servers/start.ts';
import { openLoad } from '../worker/jobs.ts';

const perSec = 5_000;
const scheduleShare = 99.9;
const lagP99Ms = 10;

export const heldRate: Experiment = {
  name: 'held-rate',
  about: `${perSec}/s against the agent's health for 30 s (5 s with --quick)`,
  measure: async (given) => {
    // As a user runs it: the generator's garbage collector and Playwright's own process may take the other core, too.
    const setting: Setting = { ...given, cores: { kind: 'free', reason: 'a held rate is measured as users run it' } };
    return withAgent(setting, async ({ url }) => {
      const seconds = setting.quick ? 5 : 30;
      const ask = { url: `${url}/api/v1/health`, starts: { perSec, seconds } };
      const { answer } = await inWorker(setting, { job: openLoad, ask });
      return [
        measured('started of the schedule', '%', [(answer.started * 100) / (perSec * seconds)], {
          bar: atLeast(scheduleShare),
          note: `${answer.ok} answered, ${answer.dropped} dropped`,
        }),
        measured('lag p99', 'ms', [answer.lagP99Ms], { bar: below(lagP99Ms) }),
        measured('response p50', 'ms', [answer.responseP50Ms]),
        measured('response p99', 'ms', [answer.responseP99Ms]),
      ];
    });
  },
};
