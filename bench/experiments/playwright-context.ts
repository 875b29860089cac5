/** Why the suite has a request context of its own: Playwright's in a plain test body, over the same requests. */
import { inWorker } from '../children/worker.ts';
import type { Experiment } from '../experiment.ts';
import { atLeast, measured } from '../reading.ts';
import { withFastServer } from '../servers/start.ts';
import { playwrightContext } from '../worker/jobs.ts';

const timesPlaywright = 40;

export const playwrightContextExperiment: Experiment = {
  name: 'playwright',
  about: "requests per second of Playwright's own context in a test body, and of ours in the same test",
  measure: async (setting) =>
    withFastServer(setting, async ({ url }) => {
      const times = setting.quick ? 1_000 : 10_000;
      const { answer } = await inWorker(setting, { job: playwrightContext, ask: { url, times } });
      const { playwright, ours } = answer;
      return [
        measured("Playwright's context in a test body", '/s', [playwright], {
          note: `${times} requests, 50 at a time`,
        }),
        measured('RequestContext, before and after it', '/s', ours),
        measured(
          "RequestContext ÷ Playwright's",
          '×',
          ours.map((rate) => rate / playwright),
          {
            bar: atLeast(timesPlaywright),
          },
        ),
      ];
    }),
};
