import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { Exemplar } from './exemplar.ts';
import { emptyRunData } from './run-data.ts';
import type { TraceContext } from './trace-context.ts';
import { linksOf, placeholdersIn, tracedRequests } from './trace-links.ts';

type RequestExemplar = Exclude<Exemplar, { readonly measured: string }>;

const sampled: TraceContext = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  sampled: true,
};
const bare: RequestExemplar = {
  why: 'slow',
  endpoint: 'GET /a',
  atMs: 1,
  serviceMs: 12.25,
  method: 'GET',
  url: 'http://a.test/',
  phases: {},
  requestHeaders: {},
  responseHeaders: {},
};
const whole = { ...bare, startedAt: '2026-01-02T03:04:05.678Z', trace: sampled };
const startedAtMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

const logs: readonly { readonly template: string; readonly of?: RequestExemplar; readonly link: string | undefined }[] =
  [
    { template: 'https://a.test/{traceId}/{spanId}', link: `https://a.test/${sampled.traceId}/${sampled.spanId}` },
    { template: 'https://a.test/?at={time}', link: 'https://a.test/?at=2026-01-02T03%3A04%3A05.678Z' },
    {
      template: 'https://a.test/?from={fromMs}&to={toMs}',
      link: `https://a.test/?from=${startedAtMs - 60_000}&to=${startedAtMs + 60_013}`, // a minute before and after
    },
    {
      template: 'https://grafana.test/explore?left={"queries":[{"expr":"{app=\\"a\\"} |= `{traceId}`"}]}',
      link: `https://grafana.test/explore?left={%22queries%22:%5B{%22expr%22:%22{app=%5C%22a%5C%22}%20%7C=%20%60${sampled.traceId}%60%22}%5D}`,
    },
    { template: 'https://me:pw@a.test/{traceId}', link: `https://a.test/${sampled.traceId}` },
    { template: 'https://a.test/?token=hush&id={traceId}', link: `https://a.test/?token=***&id=${sampled.traceId}` },
    { template: 'https://a.test/{traceId}', of: { ...bare, startedAt: whole.startedAt }, link: undefined },
    { template: 'https://a.test/{time}', of: { ...bare, trace: sampled }, link: undefined },
    { template: 'https://a.test/all', of: bare, link: 'https://a.test/all' },
    {
      template: 'https://a.test/{traceId}',
      of: { ...whole, trace: { ...sampled, sampled: false } }, // logs are written of what is not sampled, too
      link: `https://a.test/${sampled.traceId}`,
    },
    // of a payload that was tampered with
    { template: 'javascript:alert(1)//{traceId}', link: undefined },
    {
      template: 'https://a.test/{traceId}',
      of: { ...whole, trace: { ...sampled, traceId: '"><b>](x) ../' } },
      link: 'https://a.test/%22%3E%3Cb%3E%5D%28x%29%20..%2F',
    },
    { template: 'https://a.test/{constructor}', link: undefined },
  ];
for (const { template, of = whole, link } of logs)
  test(`${template} leads from ${of.trace?.traceId ?? 'no trace'} to ${link ?? 'nothing'}`, () => {
    expect(linksOf(of, { logsUrl: template }).logs).toBe(link);
  });

test('a trace is linked to where it was sampled alone', () => {
  const plan = { traceUrl: 'https://a.test/{traceId}' };
  expect(linksOf(whole, plan)).toEqual({ trace: `https://a.test/${sampled.traceId}` });
  expect(linksOf({ ...whole, trace: { ...sampled, sampled: false } }, plan)).toEqual({});
  expect(linksOf(bare, plan)).toEqual({});
});

test('a measured call leads nowhere', () => {
  const call: Exemplar = { why: 'slow', endpoint: 'query', atMs: 1, serviceMs: 2, measured: 'query' };
  expect(linksOf(call, { traceUrl: 'https://a.test/{traceId}', logsUrl: 'https://a.test/' })).toEqual({});
});

test('a word in braces is a placeholder, braces round anything else are not', () => {
  expect(placeholdersIn('https://a.test/{traceId}?x={"a":1}&y={}&z={a b}&{time}')).toEqual(['traceId', 'time']);
});

test('of a run the five slowest and five that failed are told, of requests that have a trace or a link', () => {
  const plan = { index: 0, profile: '', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' } as const;
  const run = emptyRunData(plan);
  run.exemplars.addAll([
    ...[1, 2, 3].map((serviceMs): Exemplar => ({ ...whole, serviceMs })),
    { ...bare, serviceMs: 9 },
    ...['a', 'b', 'c', 'd', 'e', 'f'].map((kind): Exemplar => ({ ...whole, why: 'failed', kind })),
  ]);
  expect(tracedRequests(run).map(({ why, serviceMs }) => [why, serviceMs])).toEqual([
    ...[3, 2, 1].map((ms) => ['slow', ms]),
    ...Array.from({ length: 5 }, () => ['failed', 12.25]),
  ]);
  const linked = { ...run, plan: { ...plan, logsUrl: 'https://a.test/' } };
  expect(tracedRequests(linked)[0]).toMatchObject({ serviceMs: 9, links: { logs: 'https://a.test/' } });
});
