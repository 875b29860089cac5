/** Streams through the `load` fixture: those of a seeded schedule, a flood of events, and many that are open at once. */
import { get } from 'node:http';
import { quantile } from '../../load/analysis/statistics/quantile.ts';
import { arrivals, iterations, test, users } from '../../load/index.ts';
import { heldMb } from './held-memory.ts';
import { streams, type TakenStream } from './jobs.ts';

const unjudged = { unjudged: true, whenSaturated: 'warn' } as const;

/** Milliseconds of the clock that all processes of a machine share. */
const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

const ofSorted = (values: readonly number[], q: number): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    q,
  ) ?? Number.NaN;

/** How late the events of a flood are where they come, without any of ours. */
async function bareLagsMs(path: string, streams: number): Promise<number[]> {
  const lagsMs: number[] = [];
  const one = async (): Promise<void> =>
    new Promise((resolve, reject) => {
      get(path, { agent: false }, (response) => {
        let rest = '';
        response.setEncoding('utf8').on('data', (piece: string) => {
          const nowMs = monotonicMs();
          const events = `${rest}${piece}`.split('\n\n');
          rest = events.pop() ?? '';
          for (const event of events) lagsMs.push(nowMs - Number(event.slice('data: '.length)));
        });
        response.once('end', resolve).once('error', reject);
      }).once('error', reject);
    });
  await Promise.all(Array.from({ length: streams }, one));
  return lagsMs;
}

test('streams', async ({ load }) => {
  const { url, seededSeconds, flood, open } = streams.ask();
  await load(
    iterations(20, { users: 5 }),
    async ({ request }) => request.stream(`${url}/flood?perSec=1000&seconds=0.1`).end(),
    { ...unjudged, name: 'compiled' },
  );
  const taken: TakenStream[] = [];
  await load(
    arrivals('20/s').for(`${seededSeconds}s`),
    async ({ request, iteration }) => {
      const events: string[] = [];
      let failure = '';
      try {
        for await (const { data } of request.stream(`${url}/seeded?n=${iteration}`)) events.push(data);
      } catch (error) {
        failure = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      }
      taken.push({ n: iteration, events, failure });
    },
    { ...unjudged, name: 'seeded' },
  );

  const path = `${url}/flood?perSec=${flood.perSec / flood.streams}&seconds=${flood.seconds}`;
  const bareMs = await bareLagsMs(path, flood.streams);
  const lagsMs: number[] = [];
  const cpuBefore = process.cpuUsage();
  const beganAt = performance.now();
  const offsetMs = monotonicMs() - performance.now();
  await load(
    iterations(flood.streams, { users: flood.streams }),
    async ({ request }) => {
      for await (const { data } of request.stream(path)) lagsMs.push(performance.now() + offsetMs - Number(data));
    },
    { ...unjudged, name: 'flood' },
  );
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuPercent = (user + system) / 10 / (performance.now() - beganAt);

  let heldKb = Number.NaN;
  await load(
    users(1).iterations(1),
    async ({ request }) => {
      const first = request.stream(`${url}/held`);
      await first.response; // code and parsers are there
      first.close();
      const before = heldMb();
      const all = Array.from({ length: open }, () => request.stream(`${url}/held`));
      for (const stream of all) await stream[Symbol.asyncIterator]().next();
      heldKb = ((heldMb() - before) * 1_024) / open;
      for (const stream of all) stream.close();
    },
    { ...unjudged, name: 'held' },
  );

  streams.answer({
    taken,
    flood: {
      events: lagsMs.length,
      p50Ms: ofSorted(lagsMs, 0.5),
      p99Ms: ofSorted(lagsMs, 0.99),
      bareP99Ms: ofSorted(bareMs, 0.99),
      cpuPercent,
    },
    heldKb,
  });
});
