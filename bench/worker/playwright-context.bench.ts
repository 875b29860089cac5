/** Playwright's own context in a plain test body, where most people would call it, and ours in the same place. */
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from '../../load/index.ts';
import { RequestContext } from '../../load/request/context.ts';
import { hammerTimes } from './hammer.ts';
import { playwrightContext } from './jobs.ts';

/** Playwright's steps are still on their way to the runner, which has the same core. */
const settleMs = 2_000;

test('the same requests through both', async ({ request }) => {
  const { url, times } = playwrightContext.ask();
  await using ours = new RequestContext();
  await hammerTimes(ours, url, times); // compiled and connected
  const before = await hammerTimes(ours, url, times);
  const playwright = await hammerTimes(request, url, times);
  await sleep(settleMs);
  playwrightContext.answer({ playwright, ours: [before, await hammerTimes(ours, url, times)] });
});
