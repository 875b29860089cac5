/** How many pages follow a run at once, and which of them goes when one more comes. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect } from '@playwright/test';
import { launchTestBrowser } from '../../../testing/browser.ts';
import { test } from '../../../testing/plain-test.ts';
import { defaultPace, startDashboard } from './dashboard.ts';
import { Listeners, maxListeners } from './listeners.ts';

function eventsOf(url: string): URL {
  const events = new URL(url);
  events.pathname = '/events';
  return events;
}

test('one more page is let in, and the oldest is told and ended', async () => {
  const dashboard = await startDashboard();
  const leave = new AbortController();
  try {
    const open = async () => {
      const { status, body } = await fetch(eventsOf(dashboard.url), { signal: leave.signal });
      expect(status).toBe(200);
      return new Response(body);
    };
    const first = await open();
    for (let page = 0; page < maxListeners; page++) await open();
    expect(await first.text()).toMatch(/^retry: 2000\n\n(?:[^]*\n\n)?event: replaced\ndata:\n\n$/);
  } finally {
    leave.abort();
    await dashboard.close();
  }
});

test('a page that takes nothing makes room before an older one that reads', async () => {
  const listeners = new Listeners(defaultPace.comeBackMs);
  const responses: ServerResponse[] = [];
  const server = createServer((_, response) => {
    responses.push(response);
    listeners.add(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  const open = async ({ reads }: { readonly reads: boolean }) => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    socket.write('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    await once(socket, 'data');
    if (reads) socket.resume();
    else socket.pause();
  };
  try {
    await open({ reads: true });
    await open({ reads: false });
    while (responses.length < maxListeners) await open({ reads: true });
    const [oldest, stalled] = responses;
    for (let sent = 0; sent < 32 && stalled?.writableLength === 0; sent++) {
      listeners.send('x'.repeat(1_024 * 1_024));
      await expect.poll(() => oldest?.writableLength).toBe(0);
    }
    expect(stalled?.writableLength).toBeGreaterThan(0);
    await open({ reads: true });
    expect(responses.map(({ writableEnded }) => writableEnded)).toEqual(responses.map((one) => one === stalled));
    await expect.poll(() => stalled?.destroyed, { timeout: 20_000 }).toBe(true); // though it never takes its farewell
  } finally {
    listeners.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

test('in one browser, more pages than it has connections all load, and the first says that it stopped', async () => {
  test.setTimeout(120_000);
  const dashboard = await startDashboard();
  const browser = await launchTestBrowser();
  try {
    const context = await browser.newContext();
    const first = await context.newPage();
    const firstFollows = first.waitForResponse((response) => response.url().includes('/events'));
    await first.goto(dashboard.url);
    await firstFollows;
    for (let page = 0; page < 7; page++) {
      const next = await context.newPage();
      const follows = next.waitForResponse((response) => response.url().includes('/events'));
      await next.goto(dashboard.url);
      expect((await follows).status()).toBe(200);
      await expect(next.getByText('Waiting for the first run.')).toBeVisible();
    }
    await expect(first.getByRole('status')).toHaveText(/Too many pages follow this test run/);
  } finally {
    await browser.close();
    await dashboard.close();
  }
});
