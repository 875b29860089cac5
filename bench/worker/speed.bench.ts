/** Generators of ours and of others against one server, block by block in turn. */
import { type Load, type LoadOptions, test, users } from '../../load/index.ts';
import { RequestContext } from '../../load/request/context.ts';
import { autocannon } from '../children/autocannon.ts';
import { h2load } from '../children/h2load.ts';
import { inTurn } from '../spread.ts';
import { askAndDiscard, askForBody, askOnce, connections, hammerFor } from './hammer.ts';
import { type Block, type Sender, speed } from './jobs.ts';

test.use({ ignoreHTTPSErrors: true });

const warmUpCpuMs = 2_000;
const mostWarmUps = 10;

/** Others have a process for each block, and tell themselves what it took. */
const others: readonly Sender[] = ['autocannon', 'h2load'];

test('senders in turn', async ({ load }) => {
  const { senders, rounds } = speed.ask();
  const blocks = blocksOf(load);
  const done = new Map(senders.map((sender) => [sender, [] as Block[]]));
  // Compiled, and in no figure; the others warm themselves up.
  for (const sender of senders) if (!others.includes(sender)) await warmUp(blocks[sender]);
  for (let round = 0; round < rounds; round++)
    for (const sender of inTurn(senders, round)) done.get(sender)?.push(await blocks[sender]());
  speed.answer(Object.fromEntries(done));
});

/** By CPU time, not the clock's: on a busy machine code would not be compiled after one block. */
async function warmUp(block: () => Promise<Block>): Promise<void> {
  let cpuMs = 0;
  for (let n = 0; n < mostWarmUps && cpuMs < warmUpCpuMs; n++) cpuMs += (await block()).cpuMs;
}

function blocksOf(load: Load): Readonly<Record<Sender, () => Promise<Block>>> {
  const { url, blockSeconds, http2 = false } = speed.ask();
  const ms = blockSeconds * 1_000;
  /** Each block opens its own connections, as those of the others do. */
  const hammered = async (ask: (context: RequestContext, url: string) => Promise<void>): Promise<Block> =>
    withCpu(async () => {
      await using context = new RequestContext({ ignoreHTTPSErrors: true, http2 });
      return await hammerFor(ms, async () => ask(context, url));
    });
  const loaded = async (options: LoadOptions): Promise<Block> =>
    withCpu(async () => {
      const run = await load(users(connections).for(`${blockSeconds}s`), ({ request }) => askOnce(request, url), {
        unjudged: true,
        whenSaturated: 'warn',
        http2,
        ...options,
      });
      if (run.requests.ok < run.requests.started) throw new Error('requests of the `load` fixture failed');
      return { requests: run.requests.ok, ms: run.durationMs };
    });
  return {
    autocannon: async () => {
      const run = await autocannon({ url, seconds: blockSeconds, warmUpCpuSeconds: 1, connections });
      if (run.failed > 0) throw new Error(`autocannon: ${run.failed} of ${run.requests} requests failed`);
      return { requests: run.requests, ms: run.durationMs, cpuMs: run.cpuMs };
    },
    h2load: async () => {
      const run = await h2load({ url, seconds: blockSeconds, connections: 1, streams: connections });
      return { requests: run.requests, ms: run.durationMs, cpuMs: run.cpuMs };
    },
    context: async () => hammered(askOnce),
    body: async () => hammered(askForBody),
    discard: async () => hammered(askAndDiscard),
    fixture: async () => loaded({}),
    traced: async () => loaded({ traceparent: '10%' }),
  };
}

/** With the CPU time of this process: the collector's threads and the one that keeps time are in it. */
async function withCpu(work: () => Promise<Omit<Block, 'cpuMs'>>): Promise<Block> {
  const before = process.cpuUsage();
  const done = await work();
  const { user, system } = process.cpuUsage(before);
  return { ...done, cpuMs: (user + system) / 1_000 };
}
