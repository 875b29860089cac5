import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { behaviourNames, type BehaviourName } from '../calibration/behaviours.ts';
import { RequestContext } from '../../load/request/context.ts';
import { smallBody } from './fast-answer.ts';
import { withFastHttp2Server, withFastServer, withFastTlsServer, withReferenceServer, withServerOf } from './start.ts';

const setting = { cores: { kind: 'free', reason: 'a test needs no core of its own' } } as const;
const pathOf = (what: 'row' | 'log', name: BehaviourName) => `/${what}/${behaviourNames.indexOf(name)}/test`;

test('the fast server answers 74 bytes of JSON', async () => {
  await withFastServer(setting, async ({ url }) => {
    const response = await fetch(url);
    const text = await response.text();
    expect({ status: response.status, bytes: text.length }).toEqual({ status: 200, bytes: 74 });
    expect(JSON.parse(text)).toMatchObject({ status: 'healthy' });
  });
});

test('the fast server answers the same over TLS', async () => {
  await withFastTlsServer(setting, async ({ url }) => {
    await using context = new RequestContext({ ignoreHTTPSErrors: true });
    expect(await (await context.get(url)).json()).toMatchObject({ service: 'fast' });
  });
});

test('a server of so many bytes answers as many', async () => {
  await withServerOf(100 * 1_024)(setting, async ({ url }) => {
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(100 * 1_024);
  });
});

async function getOver(session: ClientHttp2Session): Promise<{ status: unknown; text: string }> {
  const stream = session.request({ ':path': '/' }).setEncoding('utf8');
  const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return { status: headers[':status'], text };
}

test('the HTTP/2 server answers more than one window of bodies', async () => {
  await withFastHttp2Server(setting, async ({ url }) => {
    const session = connectHttp2(url, { rejectUnauthorized: false });
    const texts = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(Array.from({ length: 50 }, async () => getOver(session)));
      for (const { status, text } of answers) texts.add(`${String(status)} ${text}`);
    }
    session.destroy();
    expect([...texts]).toEqual([`200 ${smallBody}`]);
  });
});

test('the HTTP/2 server reads frames, however they are cut into packets', async () => {
  await withFastHttp2Server(setting, async ({ port }) => {
    const socket = connectTls({ port, host: '127.0.0.1', ALPNProtocols: ['h2'], rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    let got = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (got += chunk));
    const pings = () => got.split('12345678').length - 1;
    const ping = [0, 0, 8, 6, 0, 0, 0, 0, 0, ...Buffer.from('12345678')];
    const bytes = Buffer.from([...Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), ...ping, ...ping]);
    for (const [from, to] of [
      [0, 10],
      [10, 30],
      [30, -1],
    ]) {
      socket.write(bytes.subarray(from, to));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(pings).toBe(1);
    socket.write(bytes.subarray(-1));
    await expect.poll(pings).toBe(2);
    socket.destroy();
  });
});

test('the fast server counts heads, however they are cut into packets', async () => {
  await withFastServer(setting, async ({ port }) => {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1').setNoDelay();
    await once(socket, 'connect');
    let got = '';
    socket.on('data', (chunk: string) => (got += chunk));
    const answers = () => got.split('HTTP/1.1 200 OK').length - 1;
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r'); // not yet a head
    socket.write('\nGET / HTTP/1.1\r\n\r\nGET / HT');
    await expect.poll(answers).toBe(2);
    socket.write('TP/1.1\r\n\r\n');
    await expect.poll(answers).toBe(3);
    socket.destroy();
  });
});

test('the reference server holds as long as it says, and keeps a log of it', async () => {
  await withReferenceServer(setting, async ({ url }) => {
    const name = '90 % 5 ms, 10 % 50 ms';
    for (let n = 0; n < 50; n++) await (await fetch(`${url}${pathOf('row', name)}`)).text();
    const log = (await (await fetch(`${url}${pathOf('log', name)}`)).json()) as number[];
    expect(log).toHaveLength(50);
    expect(Math.min(...log)).toBeGreaterThanOrEqual(5);
    // The machine may hold any of them longer, but not the same of ten each time.
    const shortest = Array.from({ length: 10 }, (_, nth) => Math.min(...log.filter((_ms, n) => n % 10 === nth)));
    expect(shortest.map((ms) => ms >= 50)).toEqual([...Array<boolean>(9).fill(false), true]);
  });
});

test('the reference server fails every fiftieth request by status or by reset', async () => {
  await withReferenceServer(setting, async ({ url }) => {
    const statuses: number[] = [];
    for (let n = 0; n < 50; n++) statuses.push((await fetch(`${url}${pathOf('row', '2 % status 500')}`)).status);
    expect(statuses).toEqual([...Array<number>(49).fill(200), 500]);
    for (let n = 0; n < 49; n++) await (await fetch(`${url}${pathOf('row', '2 % reset')}`)).text();
    await expect(fetch(`${url}${pathOf('row', '2 % reset')}`)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    const log = (await (await fetch(`${url}${pathOf('log', '2 % reset')}`)).json()) as (number | null)[];
    expect(log.at(-1)).toBeNull(); // never answered
  });
});

test('a slow body begins at once and ends later', async () => {
  await withReferenceServer(setting, async ({ url }) => {
    const beganAt = performance.now();
    const response = await fetch(`${url}${pathOf('row', 'body ends after 50 ms')}`);
    expect(await response.json()).toMatchObject({ service: 'reference' });
    expect(performance.now() - beganAt).toBeGreaterThanOrEqual(50);
  });
});
