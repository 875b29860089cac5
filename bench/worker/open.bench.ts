/** An open load against a server that may be made to stand still. */
import { arrivals, test } from '../../load/index.ts';
import { frozenDuring } from './freeze.ts';
import { askOnce } from './hammer.ts';
import { openLoad } from './jobs.ts';

test('arrivals from a clock', async ({ load }) => {
  const { url, perSec, seconds, freeze } = openLoad.ask();
  const run = await frozenDuring(freeze, () =>
    load(arrivals(`${perSec}/s`).for(`${seconds}s`), ({ request }) => askOnce(request, url), {
      unjudged: true,
      ...(freeze === undefined && { warmUp: '2s' }), // code is compiled and connections are made before it counts
      whenSaturated: 'warn',
    }),
  );
  const { scheduled, started, ok, dropped } = run.requests;
  openLoad.answer({
    ...{ scheduled, started, ok, dropped },
    responseP50Ms: run.responseMs?.p50 ?? Number.NaN,
    responseP99Ms: run.responseMs?.p99 ?? Number.NaN,
    lagP99Ms: run.lagMs?.p99 ?? Number.NaN,
    durationMs: run.durationMs,
  });
});
