/** Whatever a server does: one rejection with one counted kind, soon, and nothing left behind. */
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { connect, createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { expect } from '@playwright/test';
import { certificate } from '../../testing/certificate.ts';
import { listening } from '../../testing/listening.ts';
import { test } from '../../testing/plain-test.ts';
import { RequestContext } from './context.ts';
import { createPool } from './pool.ts';
import { rawAnswers } from '../../testing/differential/raw-answers.ts';
import type { FailureKind, RequestSample } from './sample.ts';

const { listen, sockets } = listening();

/** A server that answers each request with what `write` does. */
function bare(write: (socket: Socket, n: number) => void): Promise<number> {
  let n = 0;
  return listen(createServer((socket) => void socket.on('data', () => write(socket, (n += 1)))));
}

interface Ended {
  readonly kinds: readonly (FailureKind | undefined)[];
  readonly error: unknown;
  readonly samples: readonly RequestSample[];
}

async function ended(url: string, options: { timeout?: number; ignoreHTTPSErrors?: boolean } = {}): Promise<Ended> {
  const samples: RequestSample[] = [];
  await using context = new RequestContext({ timeout: 5_000, ...options, onRequest: (sample) => samples.push(sample) });
  const error: unknown = await context.get(url).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return { kinds: samples.map(({ failure }) => failure?.kind), error, samples };
}

const kinds: Readonly<Record<string, FailureKind>> = {
  'close-at-once': 'reset',
  'reset-at-once': 'reset',
  'half-a-status-line': 'reset',
  'half-a-header': 'reset',
  garbage: 'malformed',
  'status-99': 'malformed',
  'status-1000': 'malformed',
  'body-cut-off': 'body-cut-off',
  'body-reset': 'body-cut-off',
  'until-reset': 'body-cut-off',
  'body-too-long': 'malformed',
  'chunk-cut-off': 'body-cut-off',
  'chunk-size-garbage': 'malformed',
  'gzip-cut-off': 'body-cut-off',
  'two-lengths': 'malformed',
  'length-and-chunked': 'malformed',
  'negative-length': 'malformed',
  'huge-length': 'malformed',
  'header-nul': 'malformed',
  'line-feeds-only': 'malformed',
  'headers-of-20-KiB': 'malformed',
  'headers-100000': 'malformed',
  'switching-protocols': 'malformed',
};

for (const [name, kind] of Object.entries(kinds)) {
  test(`${name} is ${kind}`, async () => {
    const port = await bare((socket) => {
      const raw = rawAnswers[name];
      for (const bytes of raw?.bytes ?? []) socket.write(bytes);
      if (raw?.then === 'end') socket.end();
      else if (raw?.then === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
    });
    const { kinds: counted, error } = await ended(`http://127.0.0.1:${port}/`);
    expect(counted).toEqual([kind]);
    expect(error).toBeInstanceOf(Error);
  });
}

for (const { title, bytes } of [
  { title: 'no answer', bytes: '' },
  { title: 'half a status line', bytes: 'HTTP/1.1 2' },
  { title: 'half a header', bytes: 'HTTP/1.1 200 OK\r\nconte' },
  { title: 'a body that never ends', bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx' },
  { title: 'a chunk that never comes', bytes: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n' },
]) {
  test(`${title} is a timeout`, async () => {
    const port = await bare((socket) => void socket.write(bytes));
    const { kinds: counted, error, samples } = await ended(`http://127.0.0.1:${port}/`, { timeout: 80 });
    expect(counted).toEqual(['timeout']);
    expect(error).toMatchObject({ name: 'TimeoutError' });
    const [{ calledAtMs, endedAtMs } = { calledAtMs: NaN, endedAtMs: NaN }] = samples;
    expect(endedAtMs - calledAtMs).toBeGreaterThanOrEqual(80);
  });
}

test('a body that dribbles for ever is a timeout, whatever keeps coming', async () => {
  const port = await bare((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
    const timer = setInterval(() => socket.write('1\r\nx\r\n'), 5);
    socket.on('close', () => clearInterval(timer));
  });
  const { kinds: counted } = await ended(`http://127.0.0.1:${port}/`, { timeout: 80 });
  expect(counted).toEqual(['timeout']);
});

test('a redirect loop is one failure of twenty-one requests', async () => {
  let requests = 0;
  const port = await bare((socket, n) => {
    requests = n;
    socket.write('HTTP/1.1 302 Found\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n');
  });
  const { kinds: counted, error } = await ended(`http://127.0.0.1:${port}/`);
  expect(counted).toEqual(['other']);
  expect(String(error)).toContain('apiRequestContext.get: Max redirect count exceeded');
  expect(requests).toBe(21);
});

test('a connection closed between two requests is not used again', async () => {
  const port = await bare((socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
  await using context = new RequestContext();
  for (let n = 0; n < 3; n += 1) {
    const response = await context.get(`http://127.0.0.1:${port}/`);
    expect(await response.text()).toBe('ok');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test('where nothing is sent again, a connection closed as a request is written is a reset, and the next opens another', async () => {
  const port = await bare((socket, n) => {
    if (n === 2) socket.destroy();
    else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
  });
  const samples: RequestSample[] = [];
  await using context = new RequestContext({ resend: 'never', onRequest: (sample) => samples.push(sample) });
  const url = `http://127.0.0.1:${port}/`;
  await context.get(url);
  await expect(context.get(url)).rejects.toThrow('socket hang up (ECONNRESET)');
  await context.get(url);
  expect(samples.map(({ failure }) => failure?.kind)).toEqual([undefined, 'reset', undefined]);
});

function tls(name: string, options: TlsOptions = {}): Promise<number> {
  const keys = { key: certificate(`${name}.key`), cert: certificate(`${name}.crt`) };
  const server = createTlsServer({ ...keys, ...options }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
  });
  server.on('tlsClientError', () => undefined);
  return listen(server);
}

for (const { name, code } of [
  { name: 'server', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  { name: 'expired', code: /CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT/ },
]) {
  test(`the ${name} certificate is refused as tls, and accepted when errors are ignored`, async () => {
    const port = await tls(name);
    const { kinds: counted, error } = await ended(`https://localhost:${port}/`);
    expect(counted).toEqual(['tls']);
    expect((error as { code?: string }).code).toMatch(code);
    const ignored = await ended(`https://localhost:${port}/`, { ignoreHTTPSErrors: true });
    expect(ignored.kinds).toEqual([undefined]);
  });
}

test('plain HTTP where TLS is expected is a failure of its own kind', async () => {
  const port = await bare((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect((await ended(`https://127.0.0.1:${port}/`)).kinds).toEqual(['tls']);
});

test('over TLS a host header is the name that the server is asked for', async () => {
  const asked: string[] = [];
  const port = await tls('server', {
    SNICallback: (name, done) => {
      asked.push(name);
      done(null);
    },
  });
  await using context = new RequestContext({ ignoreHTTPSErrors: true, baseURL: `https://localhost:${port}` });
  await context.get('/');
  await context.get('/', { headers: { host: 'shop.example.test:8443' } });
  await context.get('/', { headers: { host: 'shop.example.test:8443' } });
  expect(asked).toEqual(['localhost', 'shop.example.test']);
});

test('client certificates are shown to the origin they are for', async () => {
  const port = await tls('server', { requestCert: true, rejectUnauthorized: true, ca: certificate('client.crt') });
  const origin = `https://localhost:${port}`;
  await using known = new RequestContext({
    ignoreHTTPSErrors: true,
    clientCertificates: [{ origin, cert: certificate('client.crt'), key: certificate('client.key') }],
  });
  const response = await known.get(origin);
  expect(await response.text()).toBe('ok');
  expect(await response.securityDetails()).toMatchObject({ subjectName: 'localhost', issuer: 'localhost' });
  await using stranger = new RequestContext({ ignoreHTTPSErrors: true });
  await expect(stranger.get(origin)).rejects.toThrow();
});

test('fifty calls at once over two connections all succeed, and use no third', async () => {
  const seen = new Set<Socket>();
  const port = await bare((socket) => {
    seen.add(socket);
    setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), 2);
  });
  const pool = createPool({ connections: 2 });
  const contexts = Array.from({ length: 5 }, () => new RequestContext({ pool, baseURL: `http://127.0.0.1:${port}` }));
  const calls = contexts.flatMap((context) => Array.from({ length: 10 }, () => context.get('/')));
  const statuses = (await Promise.all(calls)).map((response) => response.status());
  expect(statuses).toEqual(Array(50).fill(200));
  expect(seen.size).toBe(2);
  await pool.close();
});

test('a timeout while waiting for a connection gives its place up', async () => {
  const port = await bare((socket, n) => {
    setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), n === 1 ? 150 : 0);
  });
  const pool = createPool({ connections: 1 });
  const context = new RequestContext({ pool, baseURL: `http://127.0.0.1:${port}` });
  const slow = context.get('/');
  const impatient = context.get('/', { timeout: 30 });
  const patient = context.get('/');
  await expect(impatient).rejects.toThrow('Timeout 30ms exceeded.');
  expect((await slow).status()).toBe(200);
  expect((await patient).status()).toBe(200);
  await pool.close();
});

test('a disposed context leaves no connection behind', async () => {
  const port = await bare((socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
  const context = new RequestContext({ baseURL: `http://127.0.0.1:${port}` });
  await Promise.all([context.get('/'), context.get('/'), context.get('/')]);
  expect(sockets.size).toBe(3);
  await context.dispose();
  await expect.poll(() => sockets.size).toBe(0);
});

/** A CONNECT proxy that counts its tunnels. */
async function proxy(
  answer = 'HTTP/1.1 200 Connection established\r\n\r\n',
): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const port = await listen(
    createServer((socket) =>
      socket.once('data', (bytes: Buffer) => {
        const text = bytes.toString();
        asked.push(text);
        const [, host = '', to = ''] = /^CONNECT ([^:]+):(\d+)/.exec(text) ?? [];
        socket.write(answer);
        if (!answer.includes(' 200 ')) return;
        const onward = connect(Number(to), host);
        onward.on('error', () => socket.destroy());
        socket.pipe(onward).pipe(socket);
      }),
    ),
  );
  return { port, asked };
}

test('a proxy is asked for one tunnel per connection, with credentials', async () => {
  const port = await bare((socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
  const via = await proxy();
  await using context = new RequestContext({
    baseURL: `http://127.0.0.1:${port}`,
    proxy: { server: `127.0.0.1:${via.port}`, username: 'ann', password: 'secret' },
  });
  for (let n = 0; n < 3; n += 1) expect(await (await context.get('/')).text()).toBe('ok');
  expect(via.asked).toHaveLength(1);
  expect(via.asked[0]).toContain(`CONNECT 127.0.0.1:${port} HTTP/1.1`);
  expect(via.asked[0]?.toLowerCase()).toContain(
    `proxy-authorization: basic ${Buffer.from('ann:secret').toString('base64').toLowerCase()}`,
  );
});

test('a proxy leads to TLS too, and is passed by for hosts that bypass it', async () => {
  const port = await tls('server');
  const via = await proxy();
  const options = { ignoreHTTPSErrors: true, baseURL: `https://localhost:${port}` };
  await using tunnelled = new RequestContext({ ...options, proxy: { server: `http://127.0.0.1:${via.port}` } });
  expect(await (await tunnelled.get('/')).text()).toBe('ok');
  await using straight = new RequestContext({
    ...options,
    proxy: { server: `http://127.0.0.1:${via.port}`, bypass: 'localhost' },
  });
  expect(await (await straight.get('/')).text()).toBe('ok');
  expect(via.asked).toHaveLength(1);
});

test('a proxy that says no fails the call', async () => {
  const via = await proxy('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
  await using context = new RequestContext({ proxy: { server: `127.0.0.1:${via.port}` } });
  await expect(context.get('http://127.0.0.1:1/')).rejects.toThrow('Proxy answered 407');
});

/** A SOCKS proxy that gives these answers in turn, and opens the tunnel after the last; what it was asked is kept. */
async function socksProxy(
  to: number,
  answers: readonly (readonly number[])[],
): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const port = await listen(
    createServer((socket) => {
      const left = [...answers];
      const answer = (bytes: Buffer): void => {
        asked.push(bytes.toString('latin1'));
        socket.write(Buffer.from(left.shift() ?? []));
        if (left.length > 0) return;
        const onward = connect(to, '127.0.0.1');
        socket.off('data', answer).pipe(onward).pipe(socket);
      };
      socket.on('data', answer);
    }),
  );
  return { port, asked };
}

const login = { username: 'ann', password: 'secret' };
const greeting = '\u0005\u0002\u0000\u0002';
const granted = [5, 0, 0, 1, 127, 0, 0, 1, 0, 80];
const tunnels = [
  {
    scheme: 'socks5',
    answers: [[5, 0], granted],
    asked: ['\u0005\u0001\u0000', '\u0005\u0001\u0000\u0003\u0009localhost'],
  },
  {
    scheme: 'socks5',
    answers: [[5, 2], [1, 0], granted],
    login,
    asked: [greeting, '\u0001\u0003ann\u0006secret', '\u0005\u0001\u0000\u0003\u0009localhost'],
  },
  {
    scheme: 'socks5',
    secure: true,
    answers: [[5, 0], granted],
    asked: ['\u0005\u0001\u0000', '\u0005\u0001\u0000\u0003\u0009localhost'],
  },
  { scheme: 'socks4', answers: [[0, 90, 0, 0, 0, 0, 0, 0]], asked: ['\u0004\u0001'] },
];
for (const { scheme, secure = false, answers, login, asked } of tunnels) {
  const url = secure ? 'https' : 'http';
  test(`a ${scheme} proxy is asked for the host of ${url}: by name, ${login === undefined ? 'as nobody' : 'with credentials'}`, async () => {
    const port = await (secure
      ? tls('server')
      : bare((socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')));
    const via = await socksProxy(port, answers);
    await using context = new RequestContext({
      ignoreHTTPSErrors: true,
      baseURL: `${url}://localhost:${port}`,
      proxy: { server: `${scheme}://127.0.0.1:${via.port}`, ...login },
    });
    expect(await (await context.get('/')).text()).toBe('ok');
    expect(await (await context.get('/')).text()).toBe('ok');
    expect(via.asked).toEqual(asked.map((start) => expect.stringMatching(start)));
    expect(via.asked.at(-1)).toContain('localhost');
  });
}

const refusals = [
  {
    what: 'refuses the password',
    answers: [
      [5, 2],
      [1, 1],
    ],
    words: 'Socks5 Authentication failed',
  },
  { what: 'takes no login of ours', answers: [[5, 255]], words: 'no accepted authentication type' },
  {
    what: 'cannot reach the host',
    answers: [
      [5, 0],
      [5, 4, 0, 1, 0],
    ],
    words: 'rejected connection - HostUnreachable',
  },
  { what: 'speaks HTTP', answers: [[...Buffer.from('HTTP/1.1 400')]], words: 'invalid socks version' },
];
for (const { what, answers, words } of refusals) {
  test(`a SOCKS proxy that ${what} fails the call, and the error keeps the password`, async () => {
    const via = await socksProxy(1, [...answers, []]);
    await using context = new RequestContext({ proxy: { server: `socks5://127.0.0.1:${via.port}`, ...login } });
    const error: unknown = await context.get('http://localhost:1/').catch((failure: unknown) => failure);
    expect(String(error)).toContain(words);
    expect(inspect(error, { depth: 9 })).not.toContain(login.password);
    await expect.poll(() => sockets.size).toBe(0);
  });
}

for (const scheme of ['http', 'socks5']) {
  test(`a call that gives up on a silent host behind a ${scheme} proxy leaves no connection behind`, async () => {
    const port = await bare(() => undefined);
    const via = await (scheme === 'http' ? proxy() : socksProxy(port, [[5, 0], granted]));
    await using context = new RequestContext({ proxy: { server: `${scheme}://127.0.0.1:${via.port}` } });
    const call = context.get(`https://localhost:${port}/`, { timeout: 2_000 });
    await expect.poll(() => sockets.size).toBe(2);
    await expect(call).rejects.toThrow('Timeout 2000ms exceeded.');
    await expect.poll(() => sockets.size).toBe(0);
  });

  test(`a call that gives up on a silent ${scheme} proxy leaves no connection behind`, async () => {
    const port = await bare(() => undefined);
    await using context = new RequestContext({ proxy: { server: `${scheme}://127.0.0.1:${port}` } });
    const call = context.get('http://localhost:1/', { timeout: 1_000 });
    await expect.poll(() => sockets.size).toBe(1);
    await expect(call).rejects.toThrow('Timeout 1000ms exceeded.');
    await expect.poll(() => sockets.size).toBe(0);
  });
}

test('a SOCKS proxy that nobody runs refuses the connection', async () => {
  const samples: RequestSample[] = [];
  const proxy = { server: 'socks5://127.0.0.1:1' };
  await using context = new RequestContext({ proxy, onRequest: (sample) => samples.push(sample) });
  await expect(context.get('http://localhost:2/')).rejects.toThrow('connect ECONNREFUSED 127.0.0.1:1');
  expect(samples.map(({ failure }) => failure?.kind)).toEqual(['refused']);
});

test('a response that comes before the whole request was read is taken, and its connection given up', async () => {
  const port = await listen(
    createServer((socket) =>
      socket.once('data', () => {
        socket.pause();
        socket.write('HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n');
      }),
    ),
  );
  await using context = new RequestContext({ baseURL: `http://127.0.0.1:${port}`, timeout: 5_000 });
  const statuses: number[] = [];
  for (let n = 0; n < 2; n += 1) {
    statuses.push((await context.post('/', { data: Buffer.alloc(20_000_000) })).status());
  }
  expect(statuses).toEqual([413, 413]);
});

test('a pool closed under its contexts ends their calls', async () => {
  const port = await bare(() => undefined);
  const pool = createPool();
  const samples: RequestSample[] = [];
  const context = new RequestContext({
    pool,
    baseURL: `http://127.0.0.1:${port}`,
    onRequest: (sample) => samples.push(sample),
  });
  const underWay = context.get('/');
  await expect.poll(() => sockets.size).toBe(1);
  await pool.close();
  await expect(underWay).rejects.toThrow('the connection pool was closed');
  await expect(context.get('/')).rejects.toThrow('the connection pool was closed');
  expect(samples.map(({ failure }) => failure?.kind)).toEqual(['other', 'other']);
});
