/** Many users, each of whom thinks between its requests. */
import { readdirSync } from 'node:fs';
import { between, test, users } from '../../load/index.ts';
import { partOf } from '../../load/load-run.ts';
import { askOnce } from './hammer.ts';
import { waiting } from './jobs.ts';

test('users who think', async ({ load }) => {
  const { url, users: count, thinkMs, seconds, connections } = waiting.ask();
  const [fromMs, toMs] = thinkMs;
  const settled: { done: number; cpuMs: number; openFiles?: number | undefined } = { done: 0, cpuMs: Number.NaN };
  let done = 0;
  // From when all have come: connecting is dear, and everybody does it once.
  const looking = setTimeout(
    () => Object.assign(settled, { done, cpuMs: cpuMs(), openFiles: openFiles() }),
    toMs + 2_000,
  );
  const run = await load(
    users(count)
      .for(`${seconds}s`)
      .thinking(between(`${fromMs}ms`, `${toMs}ms`)),
    async ({ request }) => {
      await askOnce(request, url);
      done += 1;
    },
    { connections, unjudged: true, whenSaturated: 'warn' },
  );
  clearTimeout(looking);
  const cpuUsPerRequest = ((cpuMs() - settled.cpuMs) * 1_000) / (done - settled.done);
  const { started, ok } = run.requests;
  const { verdict, reason } = run.judgement.generator;
  const { endpoints, segments } = partOf(run).data;
  const [first] = [...endpoints.values()].map(({ windows }) => windows.get(0));
  waiting.answer({
    ...{ perSec: run.throughputPerSec ?? Number.NaN, ok, other: started - ok },
    p99Ms: run.serviceMs?.p99 ?? Number.NaN,
    first: {
      p99Ms: first?.latency.percentile(99) ?? Number.NaN,
      maxMs: first?.latency.percentile(100) ?? Number.NaN,
      failed: first?.failed ?? 0,
    },
    ...(settled.openFiles !== undefined && { openFiles: settled.openFiles }),
    elu: segments.flatMap(({ generator: each }) =>
      each.flatMap(({ second, elu }) => (second * 1_000 > toMs ? (elu ?? []) : [])),
    ),
    cpuUsPerRequest,
    peakMb: process.resourceUsage().maxRSS / 1_024,
    generator: { verdict, reason },
  });
});

/** As far as the system lists them. */
function openFiles(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined; // no Linux
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
