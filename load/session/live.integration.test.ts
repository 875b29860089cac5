import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { tellLivePage } from './live.ts';
import { emptyEndpoint, emptyEndpointWindow, emptyRunData, emptyRunWindow } from '../measure/run-data.ts';
import type { LiveSnapshot } from '../measure/snapshot.ts';
import { realClock } from '../run/clock.ts';

const plan = { index: 0, profile: '10/s for 30s', model: 'open', warmUpMs: 0, whenSaturated: 'invalid' } as const;
const shown = { title: ['a test'], project: 'load' };

/** A run of thirty seconds that one endpoint answered in. */
function runOfSeconds(seconds: number) {
  const run = emptyRunData(plan);
  const endpoint = emptyEndpoint();
  run.endpoints.set('GET /', endpoint);
  for (let second = 0; second < seconds; second++) {
    run.windows.set(second, { ...emptyRunWindow(), completed: 10 });
    endpoint.windows.set(second, { ...emptyEndpointWindow(), ok: 10 });
  }
  return run;
}

/** A clock whose sleeps end at once, until so many were slept; then the run is over. */
function clockOf(sleeps: number, over: AbortController) {
  let slept = 0;
  return {
    ...realClock,
    sleepUntil: async () => {
      slept += 1;
      if (slept >= sleeps) over.abort();
    },
  };
}

test('the first snapshot holds all seconds, later ones those that may still change', async () => {
  const snapshots: LiveSnapshot[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      snapshots.push(JSON.parse(body) as LiveSnapshot);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const over = new AbortController();
  try {
    const run = runOfSeconds(30);
    const parts = { url: `http://127.0.0.1:${port}/snapshot`, look: () => run, test: shown, signal: over.signal };
    await tellLivePage({ ...parts, clock: clockOf(2, over) });
  } finally {
    server.close();
  }
  expect(snapshots.map(({ windows }) => windows.length)).toEqual([30, 13]);
  expect(snapshots[0]?.test).toEqual(shown);
});

test('a page that is gone is no matter, and gets all once it is back', async () => {
  const over = new AbortController();
  const run = runOfSeconds(3);
  const parts = { url: 'http://127.0.0.1:1/snapshot', look: () => run, test: shown, signal: over.signal };
  await expect(tellLivePage({ ...parts, clock: clockOf(3, over) })).resolves.toBeUndefined();
});
