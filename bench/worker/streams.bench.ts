/** Streams through the `load` fixture: those of a seeded schedule, a flood of events, and many that are open at once. */
import { arrivals, iterations, test, users } from '../../load/index.ts';
import { heldMb } from './held-memory.ts';
import { streams, type TakenStream } from './jobs.ts';

const unjudged = { unjudged: true, whenSaturated: 'warn' } as const;

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

  const lagsMs: number[] = [];
  const cpuBefore = process.cpuUsage();
  const beganAt = performance.now();
  const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  await load(
    iterations(flood.streams, { users: flood.streams }),
    async ({ request }) => {
      const path = `${url}/flood?perSec=${flood.perSec / flood.streams}&seconds=${flood.seconds}`;
      for await (const { data } of request.stream(path)) lagsMs.push(performance.now() + offsetMs - Number(data));
    },
    { ...unjudged, name: 'flood' },
  );
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuPercent = (user + system) / 10 / (performance.now() - beganAt);
  lagsMs.sort((a, b) => a - b);

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
    flood: { events: lagsMs.length, p99Ms: lagsMs[Math.ceil(lagsMs.length * 0.99) - 1] ?? Number.NaN, cpuPercent },
    heldKb,
  });
});
