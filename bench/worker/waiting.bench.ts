/** Many users, each of whom thinks between its requests. */
import { between, test, users } from '../../load/index.ts';
import { partOf } from '../../load/load-run.ts';
import { askOnce } from './hammer.ts';
import { waiting } from './jobs.ts';

test('users who think', async ({ load }) => {
  const { url, users: count, thinkMs, seconds } = waiting.ask();
  const [fromMs, toMs] = thinkMs;
  const before = process.cpuUsage();
  const run = await load(
    users(count)
      .for(`${seconds}s`)
      .thinking(between(`${fromMs}ms`, `${toMs}ms`)),
    ({ request }) => askOnce(request, url),
    { unjudged: true, whenSaturated: 'warn' },
  );
  const { user, system } = process.cpuUsage(before);
  const { started, ok } = run.requests;
  const { verdict, reason } = run.judgement.generator;
  const { endpoints, segments } = partOf(run).data;
  const [firstSecond] = [...endpoints.values()].map(({ windows }) => windows.get(0)?.latency.percentile(99));
  waiting.answer({
    ...{ perSec: run.throughputPerSec ?? Number.NaN, ok, other: started - ok },
    p99Ms: run.serviceMs?.p99 ?? Number.NaN,
    firstP99Ms: firstSecond ?? Number.NaN,
    elu: segments.flatMap(({ generator: each }) => each.flatMap(({ elu }) => elu ?? [])),
    cpuUsPerRequest: (user + system) / started,
    peakMb: process.resourceUsage().maxRSS / 1_024,
    generator: { verdict, reason },
  });
});
