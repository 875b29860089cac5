/** autocannon, the bare request context and the whole `load` fixture against one server, block by block in turn. */
import { test, users } from '../../load/index.ts';
import { RequestContext } from '../../load/request/context.ts';
import { autocannon } from '../children/autocannon.ts';
import { inTurn } from '../spread.ts';
import { askOnce, connections, hammerFor } from './hammer.ts';
import { speed } from './jobs.ts';

test('generators in turn', async ({ load }) => {
  const { url, rounds, blockSeconds } = speed.ask();
  const context = new RequestContext();
  const blocks = {
    autocannon: async () => (await autocannon({ url, seconds: blockSeconds, warmUpSeconds: 1, connections })).perSec,
    context: async () => hammerFor(context, url, blockSeconds * 1_000),
    fixture: async () => {
      const run = await load(users(connections).for(`${blockSeconds}s`), ({ request }) => askOnce(request, url), {
        unjudged: true,
        whenSaturated: 'warn',
      });
      return run.throughputPerSec ?? Number.NaN;
    },
  };
  const names = ['autocannon', 'context', 'fixture'] as const;
  const rates: Record<(typeof names)[number], number[]> = { autocannon: [], context: [], fixture: [] };
  const cpuUs: Record<'context' | 'fixture', number[]> = { context: [], fixture: [] };
  // Compiled, connected, and in no figure; autocannon warms itself up.
  for (const name of ['context', 'fixture'] as const) await blocks[name]();
  for (let round = 0; round < rounds; round++) {
    for (const name of inTurn(names, round)) {
      const before = process.cpuUsage();
      const rate = await blocks[name]();
      const { user, system } = process.cpuUsage(before);
      rates[name].push(rate);
      if (name !== 'autocannon') cpuUs[name].push((user + system) / (rate * blockSeconds));
    }
  }
  await context.dispose();
  speed.answer({ ...rates, cpuUs });
});
