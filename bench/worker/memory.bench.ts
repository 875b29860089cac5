/** Very many requests in one test, with a look at this process' memory every so many. */
import { iterations, test } from '../../load/index.ts';
import { askAndDiscard, askOnce, askForBody } from './hammer.ts';
import { memory, type MemoryAnswer } from './jobs.ts';

const asking = { json: askOnce, body: askForBody, nothing: askAndDiscard } as const;

test('many requests', async ({ load }) => {
  const { url, requests, lookEvery, users, read } = memory.ask();
  const rssMb: MemoryAnswer['rssMb'][number][] = [];
  const look = (done: number) => rssMb.push({ requests: done, mb: process.memoryUsage.rss() / 2 ** 20 });
  look(0);
  let done = 0;
  const run = await load(
    iterations(requests, { users }),
    async ({ request }) => {
      await asking[read](request, url);
      done += 1;
      if (done % lookEvery === 0) look(done);
    },
    { unjudged: true, whenSaturated: 'warn' },
  );
  memory.answer({ ok: run.requests.ok, perSec: run.throughputPerSec ?? Number.NaN, rssMb });
});
