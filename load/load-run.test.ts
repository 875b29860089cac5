import { expect } from '@playwright/test';
import { sampleRun } from '../testing/page-run.ts';
import { test } from '../testing/plain-test.ts';
import { withExtras } from '../testing/sample-extras.ts';
import { LoadRun } from './load-run.ts';
import { figuresOf } from './measure/summary.ts';

const data = () => sampleRun({ seconds: 20, extras: false });

test('an endpoint tells its streams, sockets and server timing as the summary does', () => {
  const run = new LoadRun(withExtras(data()));
  const [summary] = figuresOf(withExtras(data())).endpoints;
  const endpoint = run.endpoint(summary?.name ?? '');
  expect(endpoint.stream).toEqual(summary?.stream);
  expect(endpoint.socket).toEqual(summary?.socket);
  expect(endpoint.serverTiming).toEqual(summary?.serverTimingMs);
  expect(endpoint.stream?.tokens?.count).toBe(200);
  expect(endpoint.serverTiming?.['db']?.max).toBe(100);
});

test('a run tells them of all its rows together', () => {
  const all = withExtras(data());
  const [first, second] = all.endpoints.values();
  if (first === undefined || second === undefined) throw new Error('the run has two rows');
  const run = new LoadRun(all);
  const alone = run.stream;
  expect(alone).toEqual(run.endpoints[0]?.stream);
  if (first.stream !== undefined) second.stream = first.stream;
  expect(run.stream).toMatchObject({ streams: 40, events: 400, cut: 4, tokens: { count: 400 } });
  expect(run.socket?.opened).toBe(5);
  expect(run.serverTiming?.['db']?.count).toBe(100);
});

test('a run of plain requests has none of them, nor has an endpoint that was never called', () => {
  const run = new LoadRun(data());
  for (const { stream, socket, serverTiming } of [run, run.endpoint('GET /nowhere'), ...run.endpoints])
    expect([stream, socket, serverTiming]).toEqual([undefined, undefined, undefined]);
});
