/** What failed answers of a real server say, and what it calls its version. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { runSpec } from '../../testing/inner-playwright.ts';
import { test } from '../../testing/plain-test.ts';

test('two kinds of 500 are two rows, whatever ids are in them, and the server is told by its version', async () => {
  let served = 0;
  const server = createServer((_, response) => {
    served += 1;
    response.writeHead(served % 2 ? 500 : 200, { 'x-version': '1.2.3' });
    response.end(served % 4 === 1 ? `order ${served}: db locked` : 'out of memory');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { results } = await runSpec(
      `
      test('said', async ({ load }) => {
        const run = await load(iterations(40, { users: 1 }), async ({ request }) => request.get('/mid'));
        expect(run).toMeet({ successRate: '> 99%' });
      });`,
      { baseURL },
    );
    const [run] = results[0]?.runs ?? [];
    const rows = [...(run?.errors.values() ?? [])].map(({ kind, count, body }) => [kind, count, body]);
    expect(rows).toEqual([
      ['HTTP 500', 10, 'order 1: db locked'],
      ['HTTP 500', 10, 'out of memory'],
    ]);
    expect(run?.segments[0]?.target?.versions).toEqual({ [baseURL]: '1.2.3' });
    expect(results[0]?.errors).toContain('20 × HTTP 500 on GET /mid');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
