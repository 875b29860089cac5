/** Whole loads of a server that traces: what their exemplars say is what the server has, and leads there. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { runSpec } from '../../testing/inner-playwright.ts';
import { test } from '../../testing/plain-test.ts';
import { millisecondsOf, startTracedServer } from '../../testing/traced-server.ts';
import type { Exemplar } from '../measure/exemplar.ts';
import type { RunData } from '../measure/run-data.ts';
import { linksOf } from '../measure/trace-links.ts';

type RequestExemplar = Exclude<Exemplar, { readonly measured: string }>;

const requestsOf = (run: RunData | undefined): RequestExemplar[] =>
  (run?.exemplars.list() ?? []).filter((each): each is RequestExemplar => !('measured' in each));

test('the slowest request is in the trace of the slowest span, which its link leads to', async () => {
  await using server = await startTracedServer();
  const { results } = await runSpec(
    `
    test('traced', async ({ load }) => {
      const run = await load(iterations(40, { users: 2 }), async ({ request, iteration }) => {
        await request.get(iteration === 23 ? '/wait/5000' : '/wait/1');
        if (iteration === 7) await request.get('/moved');
      }, { traceparent: '100%', traceUrl: 'https://jaeger.test/trace/{traceId}', logsUrl: 'https://loki.test/?from={fromMs}' });
      expect(run).toMeet({ successRate: '100%' });
    });`,
    { baseURL: server.baseURL },
  );
  const [run] = results[0]?.runs ?? [];
  const [slowest] = requestsOf(run);
  const spans = [...server.spans()].sort((a, b) => millisecondsOf(b) - millisecondsOf(a));
  expect(spans).toHaveLength(42); // each request, and the redirect's second
  expect(slowest?.trace).toEqual({
    traceId: spans[0]?.spanContext().traceId,
    spanId: spans[0]?.parentSpanContext?.spanId,
    sampled: true,
  });
  expect(Math.abs(Date.parse(slowest?.startedAt ?? '') - Number(spans[0]?.startTime[0]) * 1_000)).toBeLessThan(1_100);
  if (slowest === undefined || run === undefined) throw new Error('nothing was kept');
  expect(linksOf(slowest, run.plan)).toMatchObject({
    trace: `https://jaeger.test/trace/${spans[0]?.spanContext().traceId ?? ''}`,
    logs: expect.stringMatching(/^https:\/\/loki\.test\/\?from=\d{13}$/),
  });
  // One call over two hops: one trace, and one parent of both.
  const [first, second] = ['GET /moved', 'GET /wait/1'].map((name) =>
    spans.filter((span) => span.name === name).map((span) => JSON.stringify(span.parentSpanContext)),
  );
  expect(second).toContain(first?.[0]);
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(41);
});

test('of a share that is sampled about so many are exported, and no other', async () => {
  await using server = await startTracedServer();
  const share = 0.2;
  await runSpec(
    `
    test('sampled', async ({ load }) => {
      const run = await load(iterations(4_000, { users: 10 }), ({ request }) => request.get('/wait/0'), { traceparent: '20%' });
      expect(run).toMeet({ successRate: '100%' });
    });`,
    { baseURL: server.baseURL },
  );
  const sent = server.requests();
  const deviation = Math.sqrt(sent * share * (1 - share));
  expect(sent).toBe(4_000);
  expect(Math.abs(server.spans().length - sent * share)).toBeLessThan(5 * deviation); // 1 in a million runs
});

test('an unsampled request says so and has no link; one with a `traceparent` that is none is told of', async () => {
  await using server = await startTracedServer();
  const { results } = await runSpec(
    `
    test('odd', async ({ load }) => {
      const run = await load(iterations(9, { users: 1 }), ({ request, iteration }) =>
        request.get('/wait/1', iteration <= 3 ? { headers: { traceparent: 'not ::error::one' } } : {}),
        { traceparent: '0%', traceUrl: 'https://jaeger.test/trace/{traceId}' });
      expect(run).toMeet({ successRate: '100%' });
    });`,
    { baseURL: server.baseURL },
  );
  const [run] = results[0]?.runs ?? [];
  expect(server.spans()).toEqual([]);
  expect(run?.network.invalidTraceparents).toEqual({ count: 3, sample: expect.stringContaining('one') });
  for (const exemplar of requestsOf(run)) {
    if (exemplar.invalidTraceparent === undefined) expect(exemplar.trace?.sampled).toBe(false);
    else expect(exemplar.trace).toBe(undefined);
    expect(linksOf(exemplar, run?.plan ?? {})).toEqual({});
  }
});

test('what a server says of its own time is in the row of its requests that went well', async () => {
  let served = 0;
  const server = createServer((_, response) => {
    served += 1;
    response.setHeader('server-timing', ['db;dur=53;desc="a, b"', 'cache;dur=0.5, miss, bad;dur=x']);
    response.writeHead(served % 4 === 0 ? 500 : 200).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const { results } = await runSpec(
      `
      test('timed', async ({ load }) => {
        await load(iterations(8, { users: 1 }), ({ request }) => request.get('/a', { tags: { tenant: 'a' } }), { unjudged: true, warmUp: '0s' });
      });`,
      { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    );
    const [run] = results[0]?.runs ?? [];
    for (const row of [run?.endpoints.get('GET /a'), run?.tags.get('tenant=a')])
      expect(
        [...(row?.serverTiming ?? [])].map(([name, times]) => [name, times.stats()?.count, times.stats()?.max]),
      ).toEqual([
        ['db', 6, 53],
        ['cache', 6, 0.5],
      ]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
