/** Servers that refuse, break off, lie or flood: each has its own name among the errors, and leaves nothing open. */
import type { Socket } from 'node:net';
import { expect } from '@playwright/test';
import type { WebSocket } from 'ws';
import { test } from '../../../testing/plain-test.ts';
import { runSockets, type SocketRunParts } from '../../../testing/socket-run.ts';
import { opening, rawServer, type TestServer, wellServer } from '../../../testing/socket-server.ts';
import { Standstill } from '../../../testing/standstill.ts';
import type { RunData } from '../../measure/run-data.ts';
import { iterations } from '../../profile/iterations.ts';
import type { ConnectOptions, LoadSocket } from './load-socket.ts';

interface Seen {
  readonly data: RunData;
  /** What the scenario was thrown. */
  readonly thrown: string;
}

/** One iteration that connects, and then makes a round trip that nobody answers; what ends it has all the time it needs. */
async function visit(
  server: TestServer,
  options: ConnectOptions = {},
  { roundTripMs = 20_000, ...more }: Partial<SocketRunParts> & { readonly roundTripMs?: number } = {},
): Promise<Seen> {
  let thrown = '';
  const { data } = await runSockets({
    profile: iterations(1, { users: 1 }),
    contextOptions: { baseURL: server.baseURL },
    scenario: async ({ connect }) => {
      try {
        const socket = await connect('/ws', options);
        await socket.roundTrip('ask', { matches: ({ data }) => data === 'answer', timeout: roundTripMs });
      } catch (error) {
        thrown = String(error);
        throw error;
      }
    },
    ...more,
  });
  expect(data.accounting).toEqual([]);
  await expect.poll(() => server.open()).toBe(0);
  return { data, thrown };
}

function errorsOf({ errors }: RunData): string[] {
  return [...errors.values()].map(({ kind, endpoint, count, sample }) => `${count} ${kind} ${endpoint}: ${sample}`);
}

const head = (line: string) => (socket: Socket) => socket.end(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\n\r\n`);
const failedHandshakes: readonly {
  readonly what: string;
  readonly answer: (socket: Socket, head: string) => void;
  readonly error: RegExp;
  readonly status?: string;
}[] = [
  { what: '200', answer: head('200 OK'), error: /^1 HTTP 200 .*answered 200 OK instead of 101/, status: '200' },
  { what: '401', answer: head('401 Unauthorized'), error: /^1 HTTP 401 /, status: '401' },
  { what: '503', answer: head('503 Busy'), error: /^1 HTTP 503 .*503 Busy/, status: '503' },
  { what: 'a redirect', answer: head('302 Found\r\nlocation: /other'), error: /^1 HTTP 302 /, status: '302' },
  {
    what: 'a secret in its status line',
    answer: head('403 no, sk-abcdefghijklmnopqrstuvwx'),
    error: /403 no, \*\*\* /,
    status: '403',
  },
  {
    what: '101 without an upgrade',
    answer: (socket) => socket.end('HTTP/1.1 101 Fine\r\n\r\n'),
    error: /^1 (?:reset|ECONNRESET|malformed|HPE_\w+|HTTP 101) /,
  },
  {
    what: '101 with the accept of another key',
    answer: (socket) => socket.write(opening('sec-websocket-key: other')),
    error: /^1 malformed .*Invalid Sec-WebSocket-Accept header/,
    status: '101',
  },
  {
    what: 'an extension that was not asked for',
    answer: (socket, asked) =>
      socket.write(opening(asked).replace('\r\n\r\n', '\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n')),
    error: /^1 malformed .*no extension was requested/,
    status: '101',
  },
  {
    what: 'a subprotocol that was not offered',
    answer: (socket, asked) =>
      socket.write(opening(asked).replace('\r\n\r\n', '\r\nSec-WebSocket-Protocol: x\r\n\r\n')),
    error: /^1 malformed .*subprotocol but none was requested/,
    status: '101',
  },
  { what: 'garbage', answer: (socket) => socket.end('\0\0 no HTTP at all\r\n\r\n'), error: /^1 HPE_\w+ / },
  {
    what: 'an endless head',
    answer: (socket) => socket.write(`HTTP/1.1 101 x\r\nx: ${'y'.repeat(100_000)}`),
    error: /^1 HPE_HEADER_OVERFLOW /,
  },
  { what: 'a reset', answer: (socket) => socket.resetAndDestroy(), error: /^1 ECONNRESET / },
  {
    what: 'a close within the head',
    answer: (socket) => socket.end('HTTP/1.1 101 Swit'),
    error: /^1 (?:ECONNRESET|HPE_\w+) /,
  },
  { what: 'silence', answer: () => undefined, error: /^1 timeout .*Timeout 300ms exceeded/ },
];
for (const { what, answer, error, status } of failedHandshakes)
  test(`a handshake answered by ${what} is a failed request of the row GET /ws`, async () => {
    await using server = await rawServer(answer);
    const { data, thrown } = await visit(server, { timeout: what === 'silence' ? 300 : 20_000 });
    expect(errorsOf(data)).toEqual([expect.stringMatching(error)]);
    expect(thrown).toContain('connect: ');
    const row = data.endpoints.get('GET /ws');
    expect(row?.counts.ok).toBe(0);
    expect([...(row?.statuses.keys() ?? [])]).toEqual(status === undefined ? expect.anything() : [status]);
    expect(row?.socket).toBeUndefined();
    expect(data.iterations.failed).toBe(1);
    expect(data.exceptions).toBe(0); // it is the request's own failure
  });

/** A frame of the server's (RFC 6455, 5.2). */
function frame(opcode: number, payload: Buffer, { masked = false, length = payload.length } = {}): Buffer {
  const first = 0x80 | opcode;
  const mask = masked ? 0x80 : 0;
  if (length < 126) return Buffer.concat([Buffer.from([first, mask | length]), payload]);
  const long = Buffer.alloc(10);
  long[0] = first;
  long[1] = mask | 127;
  long.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([long, payload]);
}

const closing =
  (code: number, reason = '') =>
  (socket: WebSocket) =>
    socket.on('message', () => socket.close(code, reason));
const sending =
  (...frames: Buffer[]) =>
  (socket: Socket) =>
    void socket.write(Buffer.concat(frames));
const endings: readonly {
  readonly what: string;
  readonly well?: (socket: WebSocket) => void;
  readonly raw?: (socket: Socket) => void;
  readonly options?: ConnectOptions;
  readonly code: string;
  readonly abnormal: 0 | 1;
  readonly says: RegExp;
}[] = [
  {
    what: 'a normal close',
    well: closing(1000, 'done'),
    code: '1000',
    abnormal: 0,
    says: /closed the WebSocket with 1000 \(normal\): "done"/,
  },
  {
    what: 'a close without a code',
    well: (socket) => socket.on('message', () => socket.close()),
    code: '1005',
    abnormal: 0,
    says: /without a code/,
  },
  {
    what: 'an internal error',
    well: closing(1011, 'out of memory'),
    code: '1011',
    abnormal: 1,
    says: /1011 \(internal error\): "out of memory"/,
  },
  { what: 'a code of its own', well: closing(4001, 'kicked'), code: '4001', abnormal: 1, says: /with 4001: "kicked"/ },
  {
    what: 'a code that is expected',
    well: closing(4001),
    options: { closeCodes: [4001] },
    code: '4001',
    abnormal: 0,
    says: /with 4001$/,
  },
  {
    what: 'a normal close that is not expected',
    well: closing(1000),
    options: { closeCodes: [] },
    code: '1000',
    abnormal: 1,
    says: /1000 \(normal\)$/,
  },
  {
    what: 'a reason of 123 bytes',
    well: closing(3000, 'é'.repeat(61) + 'x'),
    code: '3000',
    abnormal: 1,
    says: /"é{61}x"/,
  },
  {
    what: 'a hostile reason',
    well: closing(4000, '\u001b[2J\n::error::\u202Ex token=s3cr3t'),
    code: '4000',
    abnormal: 1,
    says: /: ": :error::�x token=\*\*\*"$/,
  },
  {
    what: 'a lost connection',
    well: (socket) => socket.on('message', () => socket.terminate()),
    code: '1006',
    abnormal: 1,
    says: /lost: its connection ended without a close/,
  },
  {
    what: 'invalid UTF-8',
    raw: sending(frame(1, Buffer.from([0xc3, 0x28]))),
    code: '1007',
    abnormal: 1,
    says: /invalid UTF-?8/i,
  },
  {
    what: 'invalid UTF-8 in a reason',
    raw: sending(frame(8, Buffer.from([0x03, 0xe8, 0xc3, 0x28]))),
    code: '1007',
    abnormal: 1,
    says: /invalid UTF-?8/i,
  },
  {
    what: 'a masked frame',
    raw: sending(frame(1, Buffer.from([0, 0, 0, 0, 0x61]), { masked: true, length: 1 })),
    code: '1002',
    abnormal: 1,
    says: /MASK must be clear/,
  },
  {
    what: 'an unknown opcode',
    raw: sending(frame(5, Buffer.alloc(0))),
    code: '1002',
    abnormal: 1,
    says: /invalid opcode 5/,
  },
  {
    what: 'a code that no frame may have',
    raw: sending(frame(8, Buffer.from([0x03, 0xee]))),
    code: '1002',
    abnormal: 1,
    says: /invalid status code 1006/,
  },
  {
    what: 'a frame that claims 1 GB',
    raw: sending(frame(2, Buffer.alloc(10), { length: 2 ** 30 })),
    code: '1009',
    abnormal: 1,
    says: /Max payload size exceeded/,
  },
  {
    what: 'a flood of pings',
    raw: sending(...Array<Buffer>(5_000).fill(frame(9, Buffer.alloc(125)))),
    code: '1008',
    abnormal: 1,
    says: /more pings than could be answered/,
  },
  {
    what: 'a message beyond its limit',
    well: (socket) => socket.on('message', () => socket.send('x'.repeat(11))),
    options: { maxMessageBytes: 10 },
    code: '1009',
    abnormal: 1,
    says: /Max payload size exceeded/,
  },
];
for (const { what, well, raw, options, code, abnormal, says } of endings)
  test(`${what} fails the round trip under way as \`WebSocket ${code}\`, and is ${abnormal ? 'an' : 'no'} abnormal close`, async () => {
    await using server = raw
      ? await rawServer((socket, asked) => {
          socket.write(opening(asked));
          socket.once('data', () => raw(socket));
        })
      : await wellServer(well ?? (() => undefined));
    const { data, thrown } = await visit(server, options);
    const kind = `WebSocket ${code}`;
    const told = [...data.errors.values()];
    expect(told.map((error) => [error.kind, error.endpoint, error.count]).sort()).toEqual([
      ...(abnormal ? [[kind, 'GET /ws', 1]] : []),
      [kind, 'WS /ws', 1],
    ]);
    for (const { sample } of told) expect(sample).toMatch(says);
    expect(thrown).toContain('roundTrip: ');
    expect(data.endpoints.get('GET /ws')?.socket).toMatchObject({
      abnormalCloses: abnormal,
      closes: new Map([[code, 1]]),
    });
    expect(data.exceptions).toBe(0);
  });

test('an abnormal close is counted where nobody waits for anything', async () => {
  await using server = await wellServer((socket) => socket.close(1011, 'restart'));
  const { data } = await runSockets({
    profile: iterations(1, { users: 1 }),
    contextOptions: { baseURL: server.baseURL },
    scenario: async ({ connect, pause }) => {
      await connect('/ws');
      await pause('100ms');
    },
  });
  expect(errorsOf(data)).toEqual([expect.stringMatching(/^1 WebSocket 1011 GET \/ws: .*"restart"$/)]);
  expect(data.endpoints.get('GET /ws')?.socket?.abnormalCloses).toBe(1);
});

test('a round trip without an answer times out, and `next` says so without being a request', async () => {
  await using server = await wellServer(() => undefined);
  const { data, thrown } = await visit(server, {}, { roundTripMs: 400 });
  expect(thrown).toContain('TimeoutError: roundTrip: Timeout 400ms exceeded.');
  expect(errorsOf(data)).toEqual(['1 timeout WS /ws: Timeout 400ms exceeded.']);
  expect(data.endpoints.get('WS /ws')?.counts.timedOut).toBe(1);
  const waited = await visit(
    server,
    {},
    {
      scenario: async ({ connect }) => (await connect('/ws')).next(undefined, { timeout: 50 }),
    },
  );
  expect(errorsOf(waited.data)).toEqual([expect.stringContaining('next: Timeout 50ms exceeded.')]);
  expect(waited.data.exceptions).toBe(1);
});

test('a server that does not read fills no memory: sending is refused, by name', async () => {
  await using server = await rawServer((socket, asked) => {
    socket.write(opening(asked));
    socket.pause();
    setTimeout(() => socket.resume(), 1_500); // it sees only then that the other end is gone
  });
  const megabyte = 'x'.repeat(1_048_576);
  const { data } = await visit(
    server,
    {},
    {
      scenario: async ({ connect }) => {
        const socket = await connect('/ws');
        for (let n = 0; n < 40; n++) socket.send(megabyte);
      },
    },
  );
  expect(errorsOf(data)).toEqual([expect.stringMatching(/the server does not read: \d+ bytes wait to be sent/)]);
});

test('a server that answers no close is waited for no longer than a second, and that is 1006', async () => {
  await using server = await rawServer((socket, asked) => void socket.write(opening(asked)));
  using still = new Standstill();
  const beganAtMs = performance.now();
  const { data } = await visit(
    server,
    {},
    {
      scenario: async ({ connect }) => {
        const socket = await connect('/ws');
        expect(await socket.close(4000, 'enough')).toEqual({ code: 1006, reason: '' });
      },
    },
  );
  expect(performance.now() - beganAtMs).toBeLessThan(3_000 + still.ms);
  expect(errorsOf(data)).toEqual([]);
});

test('a server that is killed fails what is under way by name, and later round trips too', async () => {
  const sockets: WebSocket[] = [];
  await using server = await wellServer((socket) => void sockets.push(socket));
  const { data } = await visit(
    server,
    {},
    {
      scenario: async ({ connect }) => {
        const socket = await connect('/ws');
        const trips = ['a', 'b'].map(async (text) => socket.roundTrip(text, { matches: () => false }));
        setTimeout(() => sockets.forEach((one) => one.terminate()), 50);
        await Promise.allSettled(trips);
        await socket.roundTrip('late', { matches: () => true }).catch(() => undefined);
      },
    },
  );
  expect(errorsOf(data).sort()).toEqual([
    expect.stringMatching(/^1 WebSocket 1006 GET \/ws: /),
    expect.stringMatching(/^3 WebSocket 1006 WS \/ws: /),
  ]);
});

const dead: readonly {
  readonly what: string;
  readonly ended: (socket: LoadSocket) => Promise<unknown>;
  readonly call: (socket: LoadSocket) => Promise<unknown>;
}[] = [
  { what: 'a round trip over a lost socket', ended: lost, call: trip },
  { what: '`next` of a lost socket', ended: lost, call: async (socket) => socket.next() },
  { what: 'a round trip over a socket that was left', ended: async (socket) => socket.close(), call: trip },
  {
    what: '`next` of a socket that was left',
    ended: async (socket) => socket.close(),
    call: async (socket) => socket.next(),
  },
];
for (const { what, ended, call } of dead)
  test(`${what} fails in a later turn, so that a loop which goes on does not stop the clock`, async () => {
    await using server = await wellServer((socket) => socket.on('message', () => socket.terminate()));
    const failed = await visit(
      server,
      {},
      {
        scenario: async ({ connect }) => {
          const socket = await connect('/ws');
          await ended(socket);
          let turns = 0;
          const immediate = setInterval(() => (turns += 1), 1);
          for (let n = 0; n < 2_000; n++) await call(socket).catch(() => undefined);
          clearInterval(immediate);
          if (turns === 0) throw new Error('no timer came');
        },
      },
    );
    expect(failed.data.exceptions).toBe(0);
  });

async function trip(socket: LoadSocket): Promise<unknown> {
  return socket.roundTrip('ask', { matches: () => true });
}

async function lost(socket: LoadSocket): Promise<unknown> {
  return trip(socket).catch(() => undefined);
}
