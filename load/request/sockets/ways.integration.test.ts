/** The ways to a server: TLS, certificates, a proxy, a challenge; each as a request would go. */
import { once } from 'node:events';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from '@playwright/test';
import { WebSocketServer } from 'ws';
import { certificate, serverKeys } from '../../../testing/certificate.ts';
import { listening } from '../../../testing/listening.ts';
import { test } from '../../../testing/plain-test.ts';
import { runSockets } from '../../../testing/socket-run.ts';
import { echo, opening, rawServer, wellServer } from '../../../testing/socket-server.ts';
import type { Exemplar } from '../../measure/exemplar.ts';
import type { RunData } from '../../measure/run-data.ts';
import { iterations } from '../../profile/iterations.ts';
import type { RequestContextOptions } from '../request-options.ts';

const { listen } = listening();

/** `https://localhost:port`. */
async function secureServer(options: ServerOptions = {}): Promise<string> {
  const server = createHttps({ ...serverKeys(), ...options });
  server.on('tlsClientError', () => undefined);
  new WebSocketServer({ server }).on('connection', echo);
  return `https://localhost:${await listen(server)}`;
}

async function visit(contextOptions: RequestContextOptions, url = '/ws'): Promise<RunData> {
  const { data } = await runSockets({
    profile: iterations(1, { users: 1 }),
    contextOptions,
    options: { http2: true },
    scenario: async ({ connect }) => {
      const socket = await connect(url);
      await socket.roundTrip('x', { matches: ({ data }) => data === 'x' });
    },
  });
  expect(data.accounting).toEqual([]);
  return data;
}

const kinds = ({ errors }: RunData) => [...errors.values()].map(({ kind, endpoint }) => `${kind} ${endpoint}`);

test('over TLS a socket is one of HTTP/1.1, and its handshake has the phase of it', async () => {
  const baseURL = await secureServer();
  const data = await visit({ baseURL, ignoreHTTPSErrors: true });
  expect(kinds(data)).toEqual([]);
  expect(data.endpoints.get('GET /ws')?.phases.tls.count).toBe(1);
  const absolute = await visit({ ignoreHTTPSErrors: true }, `${baseURL.replace('https', 'wss')}/other`);
  expect(kinds(absolute)).toEqual([]);
  expect([...absolute.endpoints.keys()]).toEqual(['GET /other', 'WS /other']);
});

test('a certificate that nobody vouches for fails the handshake by the code that a request has', async () => {
  const data = await visit({ baseURL: await secureServer() });
  expect(kinds(data)).toEqual(['DEPTH_ZERO_SELF_SIGNED_CERT GET /ws']);
});

test('a client certificate goes with it', async () => {
  const options = { requestCert: true, rejectUnauthorized: true, ca: certificate('client.crt') };
  const baseURL = await secureServer(options);
  const common = { baseURL, ignoreHTTPSErrors: true };
  const clientCertificates = [{ origin: baseURL, cert: certificate('client.crt'), key: certificate('client.key') }];
  expect(kinds(await visit({ ...common, clientCertificates }))).toEqual([]);
  expect(kinds(await visit(common))).toHaveLength(1);
});

test('a proxy is asked for a tunnel', async () => {
  const baseURL = await secureServer();
  const asked: string[] = [];
  const proxy = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (head: Buffer) => {
      asked.push(head.toString().split('\r\n')[0] ?? '');
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const onward = connect(Number(new URL(baseURL).port), '127.0.0.1');
      onward.on('error', () => undefined);
      socket.pipe(onward).pipe(socket);
    });
  });
  const port = await listen(proxy);
  const data = await visit({ baseURL, ignoreHTTPSErrors: true, proxy: { server: `http://127.0.0.1:${port}` } });
  expect(kinds(data)).toEqual([]);
  expect(asked).toEqual([`CONNECT ${new URL(baseURL).host} HTTP/1.1`]);
});

test('a challenge is answered once, with the credentials of its origin, and is in the time of the one handshake', async () => {
  const heads: string[] = [];
  await using server = await rawServer((socket, head) => {
    heads.push(/authorization: (.*)/i.exec(head)?.[1] ?? 'none');
    if (heads.length === 1)
      socket.end('HTTP/1.1 401 Who\r\nwww-authenticate: Basic realm="x"\r\ncontent-length: 0\r\n\r\n');
    else {
      socket.write(opening(head));
      socket.once('data', () => socket.write(Buffer.from([0x81, 1, 0x78])));
    }
  });
  const data = await visit({ baseURL: server.baseURL, httpCredentials: { username: 'ann', password: 'pw' } });
  expect(kinds(data)).toEqual([]);
  expect(heads).toEqual(['none', `Basic ${Buffer.from('ann:pw').toString('base64')}`]);
  expect(data.endpoints.get('GET /ws')?.counts).toMatchObject({ started: 1, ok: 1 });
  const [peer] = [...data.network.peers.values()];
  expect(peer).toMatchObject({ connections: 2, requests: 2 });
});

test('nobody listening, and an unknown name, fail as those of a request', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  expect(kinds(await visit({ baseURL: `http://127.0.0.1:${port}` }))).toEqual(['ECONNREFUSED GET /ws']);
  expect(kinds(await visit({ baseURL: 'http://nowhere.invalid' }))).toEqual([
    expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN) GET/),
  ]);
});

test('a URL that leads nowhere, and a wrong option, are refused, also where the scenario catches it', async () => {
  const { data } = await runSockets({
    profile: iterations(1, { users: 1 }),
    scenario: async ({ connect }) => {
      for (const call of [connect('/ws'), connect('ftp://a/b'), connect('ws://a/b', { timeout: -1 })])
        await call.catch(() => undefined);
    },
  });
  expect(data.counts.started).toBe(0);
  expect(data.exceptions).toBe(1);
  expect([...data.errors.values()].map(({ sample }) => sample)).toEqual([
    expect.stringContaining('connect: Invalid URL'),
  ]);
});

const own = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00`;
const traced: readonly {
  readonly what: string;
  readonly traceparent?: `${number}%`;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sent: unknown;
}[] = [
  { what: 'no option', sent: undefined },
  { what: 'all sampled', traceparent: '100%', sent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) },
  { what: 'one of its own', traceparent: '100%', headers: { Traceparent: own }, sent: own },
];
for (const { what, traceparent, headers = {}, sent } of traced)
  test(`a handshake has its place in a trace, and its exemplar says which and when: ${what}`, async () => {
    const came: unknown[] = [];
    await using server = await wellServer((socket, request) => {
      came.push(request.headers.traceparent);
      echo(socket);
    });
    const { data } = await runSockets({
      profile: iterations(2, { users: 1 }),
      contextOptions: { baseURL: server.baseURL },
      ...(traceparent && { options: { traceparent } }),
      scenario: async ({ connect }) => connect('/ws', { headers }),
    });
    expect(came).toEqual([sent, sent]);
    const kept = data.exemplars
      .list()
      .filter((each): each is Exclude<Exemplar, { measured: string }> => !('measured' in each));
    const said = kept.map(({ trace }) => trace && `00-${trace.traceId}-${trace.spanId}-0${trace.sampled ? 1 : 0}`);
    expect(said.sort()).toEqual(came.sort());
    for (const { startedAt } of kept) expect(Math.abs(Date.parse(startedAt ?? '') - Date.now())).toBeLessThan(5_000);
  });
