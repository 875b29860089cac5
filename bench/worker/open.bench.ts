/** An open load against a server that may be made to stand still. */
import { arrivals, replay, test } from '../../load/index.ts';
import { frozenDuring } from './freeze.ts';
import { heldMb } from './held-memory.ts';
import { askOnce } from './hammer.ts';
import { openLoad } from './jobs.ts';

const lookEveryMs = 500;

test('arrivals from a clock', async ({ load }) => {
  const { url, starts, freeze } = openLoad.ask();
  const profile =
    'log' in starts
      ? replay(starts.log, { speed: starts.speed })
      : arrivals(`${starts.perSec}/s`).for(`${starts.seconds}s`);
  // A log's own warm-up is its first lines, which may be too few for its bursts to meet compiled code.
  if ('log' in starts)
    await load(arrivals('400/s').for('2s'), ({ request }) => askOnce(request, url), {
      name: 'compiled',
      unjudged: true,
      whenSaturated: 'warn',
    });
  const beforeMb = heldMb();
  const rssMb = [process.memoryUsage.rss() / 2 ** 20];
  const looking = setInterval(() => rssMb.push(process.memoryUsage.rss() / 2 ** 20), lookEveryMs);
  const [cpuBefore, beganAt] = [process.cpuUsage(), performance.now()];
  const run = await frozenDuring(freeze, () =>
    load(profile, ({ request }) => askOnce(request, url), {
      unjudged: true,
      ...(freeze === undefined && { warmUp: '2s' }), // code is compiled and connections are made before it counts
      whenSaturated: 'warn',
    }),
  );
  clearInterval(looking);
  rssMb.push(process.memoryUsage.rss() / 2 ** 20);
  const { user, system } = process.cpuUsage(cpuBefore);
  const { scheduled, started, ok, failed, timedOut, unfinished, dropped } = run.requests;
  const { verdict, reason } = run.judgement.generator;
  openLoad.answer({
    ...{ scheduled, started, ok, dropped, other: failed + timedOut + unfinished },
    responseP50Ms: run.responseMs?.p50 ?? Number.NaN,
    responseP99Ms: run.responseMs?.p99 ?? Number.NaN,
    lagP50Ms: run.lagMs?.p50 ?? Number.NaN,
    lagP99Ms: run.lagMs?.p99 ?? Number.NaN,
    generator: { verdict, reason },
    cpuPercent: (user + system) / 10 / (performance.now() - beganAt),
    rssMb,
    held: { beforeMb, afterMb: heldMb() },
    durationMs: run.durationMs,
  });
});
