/** `expect` in a scenario is no slower than `check`, and leaves nothing behind. */
import { inWorker } from '../children/worker.ts';
import type { Experiment } from '../experiment.ts';
import { atLeast, below, exactly, measured } from '../reading.ts';
import { withFastServer } from '../servers/start.ts';
import { ratios } from '../spread.ts';
import { asserting } from '../worker/jobs.ts';

const ofCheck = 0.8;
const keptMb = 5;

export const assertingExperiment: Experiment = {
  name: 'asserting',
  about: 'iterations per second with three assertions each, by `check`, by `expect` of playload and of Playwright',
  measure: async (setting) =>
    withFastServer(setting, async ({ url }) => {
      const times = setting.quick ? 20_000 : 100_000;
      const ask = { url, rounds: setting.quick ? 2 : 4, blockSeconds: 1, times };
      const { answer } = await inWorker(setting, { job: asserting, ask });
      const { check, expect, playwrights } = answer.perSec;
      return [
        measured('`check`', '/s', check),
        measured('`expect` of playload', '/s', expect),
        measured('`expect` of @playwright/test', '/s', playwrights),
        measured('`expect` of playload ÷ `check`', '×', ratios(expect, check), { bar: atLeast(ofCheck) }),
        measured('`expect` of @playwright/test ÷ `check`', '×', ratios(playwrights, check)),
        measured('iterations that passed', 'requests', [answer.done], { bar: exactly(times) }),
        measured('the worker holds more after them by', 'MB', [answer.heldMb], { bar: below(keptMb) }),
      ];
    }),
};
