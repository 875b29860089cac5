import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { sampleOf } from '../../testing/virtual-run.ts';
import { EndpointRow, EndpointRows, type Outcome } from './endpoint-rows.ts';
import { emptyEndpoint, type EndpointData } from './run-data.ts';

const outcomes: readonly {
  readonly outcome: Outcome;
  readonly ok: number;
  readonly failed: number;
  readonly sumMs: number;
}[] = [
  { outcome: 'ok', ok: 1, failed: 0, sumMs: 12 },
  { outcome: 'failed', ok: 0, failed: 1, sumMs: 0 }, // a failure that came quickly improves no latency
  { outcome: 'timedOut', ok: 0, failed: 1, sumMs: 12 },
  { outcome: 'unfinished', ok: 0, failed: 1, sumMs: 12 },
];
for (const { outcome, ok, failed, sumMs } of outcomes)
  test(`a request that is ${outcome} is ${ok} good, ${failed} bad and ${sumMs} ms of its second`, () => {
    const row = new EndpointRow('GET /a', emptyEndpoint());
    row.fileSecond(7, outcome, 12);
    expect([...row.data.windows].map(([second, { latency, ...rest }]) => [second, rest, latency.count])).toEqual([
      [7, { ok, failed, sumMs }, sumMs / 12],
    ]);
  });

test('a second has what is filed into it, whenever that is', () => {
  const row = new EndpointRow('GET /a', emptyEndpoint());
  for (const [second, latencyMs] of [
    [-1, 1],
    [0, 2],
    [0, 3],
    [-1, 4],
  ] as const)
    row.fileSecond(second, 'ok', latencyMs);
  expect([...row.data.windows].map(([second, { ok, sumMs }]) => [second, ok, sumMs])).toEqual([
    [-1, 2, 5],
    [0, 2, 5],
  ]);
});

const filed: readonly {
  readonly outcome: Outcome;
  readonly responseMs?: number;
  readonly status?: number;
  readonly told: readonly [
    service: number,
    response: number,
    failures: number,
    statuses: Readonly<Record<string, number>>,
  ];
}[] = [
  { outcome: 'ok', responseMs: 30, status: 200, told: [20, 30, 0, { 200: 1 }] },
  { outcome: 'ok', status: 204, told: [20, 0, 0, { 204: 1 }] }, // in a closed model there is no response time
  { outcome: 'failed', responseMs: 30, status: 500, told: [0, 0, 30, { 500: 1 }] },
  { outcome: 'failed', told: [0, 0, 20, {}] },
  { outcome: 'timedOut', responseMs: 30, told: [20, 30, 0, {}] },
];
for (const { outcome, responseMs, status, told } of filed)
  test(`a request that is ${outcome}, by ${status ?? 'no answer'} and in ${responseMs ?? 'no'} ms, is filed as ${JSON.stringify(told)}`, () => {
    const row = new EndpointRow('GET /a', emptyEndpoint());
    const sample = { ...sampleOf('/a', { calledAtMs: 0, endedAtMs: 20, status }), bytesSent: 3, bytesReceived: 50 };
    row.file({ sample, outcome, serviceMs: 20, responseMs, fromMs: 0, toMs: 20 });
    const { service, response, failures, statuses, counts, bytesSent, bytesReceived } = row.data;
    const most = [service, response, failures].map((histogram) => histogram.stats()?.max ?? 0);
    expect([...most, Object.fromEntries(statuses)]).toEqual(told);
    expect([counts.scheduled, counts.started, counts[outcome], bytesSent, bytesReceived]).toEqual([1, 1, 1, 3, 50]);
  });

test('names that are kept alike are one row, and a row is found again', () => {
  const endpoints = new Map<string, EndpointData>();
  const rows = new EndpointRows(endpoints, ['/:any']);
  const sample = sampleOf('/a', { calledAtMs: 0, endedAtMs: 1, status: 200 });
  const named = (name: string) => rows.of({ ...sample, name });
  expect(rows.of(sample).name).toBe('GET /:any');
  expect([named('a\n'), named('a'), named('a\n')]).toEqual([named('a'), named('a'), named('a')]);
  expect([...endpoints.keys()]).toEqual(['GET /:any', 'a']);
  expect(rows.origins).toEqual(['http://server']);
});

for (const { outcome, header, told } of [
  { outcome: 'ok', header: 'db;dur=5, db;dur=7, miss', told: { db: 2 } },
  { outcome: 'ok', header: 'miss', told: undefined }, // no time, no row of times
  { outcome: 'ok', header: undefined, told: undefined },
  { outcome: 'failed', header: 'db;dur=5', told: undefined },
  { outcome: 'timedOut', header: 'db;dur=5', told: undefined },
  { outcome: 'unfinished', header: 'db;dur=5', told: undefined },
] as const)
  test(`of a request that is ${outcome} \`${header ?? 'no Server-Timing'}\` files ${JSON.stringify(told)}`, () => {
    const row = new EndpointRow('GET /a', emptyEndpoint());
    const answerHeader = (name: string) => (name === 'server-timing' ? header : 'other;dur=1');
    const sample = { ...sampleOf('/a', { calledAtMs: 0, endedAtMs: 20, status: 200 }), answerHeader };
    row.file({ sample, outcome, serviceMs: 20, responseMs: undefined, fromMs: 0, toMs: 20 });
    const { serverTiming } = row.data;
    expect(serverTiming && Object.fromEntries([...serverTiming].map(([name, { count }]) => [name, count]))).toEqual(
      told,
    );
  });
