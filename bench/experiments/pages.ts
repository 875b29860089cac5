/** A page beside a load: a server that adds 300 ms under load has added them in the browser too, and LCP is the page's own. */
import { inWorker } from '../children/worker.ts';
import type { Experiment } from '../experiment.ts';
import { below, measured } from '../reading.ts';
import { pages } from '../worker/jobs.ts';

/** As the server of the job has it. */
const addedMs = 300;
const furthestOffMs = 40;
const furthestLcpMs = 20;
const mostSlowdownPercent = 20;

export const pagesExperiment: Experiment = {
  name: 'pages',
  about: `what a probe says that a load adds to a page, of a server that adds ${addedMs} ms, and its LCP beside the page's own PerformanceObserver`,
  measure: async (setting) => {
    const { answer } = await inWorker(setting, { job: pages, ask: { seconds: setting.quick ? 10 : 40 } });
    const { addedLcpMs, addedActionMs, lcpOffMs, slowdown, rounds } = answer;
    return [
      measured('added to LCP', 'ms', [addedLcpMs], { note: `${rounds} rounds under load` }),
      measured('added to an action', 'ms', [addedActionMs]),
      measured(
        `the further of the two from ${addedMs} ms`,
        'ms',
        [Math.max(...[addedLcpMs, addedActionMs].map((ms) => Math.abs(ms - addedMs)))],
        { bar: below(furthestOffMs) },
      ),
      measured("LCP off the page's own, at most", 'ms', [lcpOffMs], { bar: below(furthestLcpMs) }),
      measured('control page slower under load by', '%', [slowdown * 100], { bar: below(mostSlowdownPercent) }),
    ];
  },
};
