/** Round trips over WebSockets that users keep, to a server that may be killed. */
import { arrivals, type LoadSocket, type LoadUser, test } from '../../load/index.ts';
import { partOf } from '../../load/load-run.ts';
import { socketTrips } from './jobs.ts';

const row = 'round trip';

test('round trips', async ({ load }) => {
  const { url, perSec, seconds, sockets, kill } = socketTrips.ask();
  const person: LoadUser<LoadSocket> = async ({ connect }, use) => use(await connect(`${url}/echo`));
  let killing: NodeJS.Timeout | undefined;
  const run = await load(
    arrivals(`${perSec}/s`).for(`${seconds}s`),
    async ({ state: socket, iteration }) => {
      if (kill !== undefined) killing ??= setTimeout(() => process.kill(kill.pid, 'SIGKILL'), kill.atMs);
      const text = `message ${iteration}`;
      await socket.roundTrip(text, { matches: ({ data }) => data === text, name: row });
    },
    {
      ...{ user: person, maxInFlight: sockets, unjudged: true, whenSaturated: 'warn', requestTimeout: '2s' },
      ...(kill === undefined && { warmUp: '1s' }),
    },
  );
  clearTimeout(killing);
  const { endpoints, errors } = partOf(run).data;
  const books = [...endpoints.values()].flatMap(({ socket }) => socket ?? []);
  const failed = [...errors.values()].filter(({ endpoint }) => endpoint === row);
  const { verdict, reason } = run.judgement.generator;
  const p50Ms = run.endpoint(row).serviceMs?.p50;
  const p99Ms = run.endpoint(row).serviceMs?.p99;
  const lagP99Ms = run.lagMs?.p99;
  socketTrips.answer({
    scheduled: run.requests.scheduled,
    ok: run.requests.ok,
    ...(p50Ms !== undefined && { p50Ms }),
    ...(p99Ms !== undefined && { p99Ms }),
    ...(lagP99Ms !== undefined && { lagP99Ms }),
    abnormalCloses: books.reduce((sum, { abnormalCloses }) => sum + abnormalCloses, 0),
    errors: Object.fromEntries(failed.map(({ kind, count }) => [kind, count])),
    generator: { verdict, reason },
  });
});
