/** Streams in whole Playwright runs: the first of a process, on two cores with tags, and played once. */
import { createServer } from 'node:http';
import { expect } from '@playwright/test';
import { runSpec } from '../../testing/inner-playwright.ts';
import { listening } from '../../testing/listening.ts';
import { test } from '../../testing/plain-test.ts';

const { listen } = listening();

/** Five events, 30 ms apart. */
async function server(): Promise<{ baseURL: string }> {
  const port = await listen(
    createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      let n = 0;
      const writing = setInterval(() => {
        response.write(`data: ${n}\n\n`);
        if (++n === 5) response.end();
      }, 30);
      response.once('close', () => clearInterval(writing));
    }),
  );
  return { baseURL: `http://127.0.0.1:${port}` };
}

test('the first stream of a process is under way at once: an iteration that forgets it is told so', async () => {
  const { results } = await runSpec(
    `test('forgets', async ({ load }) => {
      await load(iterations(1, { users: 1 }), async ({ request }) => { request.stream('/events'); });
    });`,
    await server(),
  );
  expect(results[0]?.errors).toContain('it ended while its own requests were under way');
  expect(results[0]?.errors).not.toContain('idle iteration');
});

test('two cores add their streams up, in their row and in that of a tag', async () => {
  const { results } = await runSpec(
    `test('takes', async ({ load }) => {
      const scenario = async ({ request, iteration }) =>
        request.stream('/events', { tags: { half: iteration % 2 }, tokens: () => 1 }).end();
      const run = await load(iterations(20, { users: 4 }), scenario, { cores: 2 });
      expect(run).toMeet({ events: '100', cutStreams: '0', firstEvent: { p50: '> 1ms' } });
      expect(run.tag('half', 1)).toMeet({ events: '50', tokens: '50', gap: { p50: '< 1s' }, eventRate: '> 1/s' });
    });`,
    await server(),
  );
  expect(results[0]).toMatchObject({ status: 'passed', errors: '' });
  const [run] = results[0]?.runs ?? [];
  expect(run?.segments).toHaveLength(2);
  expect(run?.endpoints.get('GET /events')?.stream).toMatchObject({ streams: 20, events: 100, tokens: 100 });
  expect(run?.tags.get('half=0')?.stream).toMatchObject({ streams: 10, events: 50, tokens: 50 });
});

test('a load that is played once streams too, and shows it as a step', async () => {
  const { results } = await runSpec(
    `test('takes', async ({ load }) => {
      const run = await load(users(5).for('1m'), async ({ request }) => request.stream('/events').end());
      expect(run).toMeet({ cutStreams: '0', firstEvent: { p50: '< 1ms' } });
    });`,
    { ...(await server()), env: { LOAD_ONCE: '1' } },
  );
  expect(results[0]).toMatchObject({ status: 'passed', errors: '' });
  expect(results[0]?.allSteps).toContain('GET /events');
});
