import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { emptyEndpoint } from './run-data.ts';
import type { HttpSample } from './samples/http.ts';
import type { SampleTags } from './samples/kind.ts';
import { SocketRecorder } from './socket-recorder.ts';

/** The measured part lies between 1,000 and 9,000 ms of its clock. */
function recorded() {
  const data = emptyEndpoint();
  const told: unknown[] = [];
  const tagged = emptyEndpoint();
  const rows = { of: () => ({ name: 'GET /ws', data }), nameOf: (method: string, url: string) => `${method} ${url}` };
  const recorder = new SocketRecorder(rows, {
    taggedOf: ({ tags }) => (tags === undefined ? [] : [{ name: 'tenant=a', data: tagged }]),
    isMeasured: (nowMs) => nowMs >= 1_000 && nowMs < 9_000,
    secondOf: (nowMs) => Math.floor((nowMs - 1_000) / 1_000),
    onAbnormal: (...error) => told.push(error),
  });
  return {
    data,
    tagged,
    told,
    open: (atMs: number, tags?: SampleTags) => recorder.opened({ ...(tags && { tags }) } as HttpSample, atMs),
    tick: (atMs: number) => recorder.tick(atMs),
  };
}

test('what happens before and after the measured part is in no number', () => {
  const { data, told, open } = recorded();
  const socket = open(500);
  socket.sent(5, 600);
  socket.received(5, 9_500);
  socket.closed({ code: 1006, problem: 'lost' }, 9_600);
  expect(data.socket).toBeUndefined();
  expect(told).toEqual([]);
});

test('a socket of the warm-up counts from then on in what it does, and as open', () => {
  const { data, open, tick } = recorded();
  const socket = open(500);
  tick(1_100);
  tick(3_200);
  socket.sent(5, 4_000);
  socket.received(7, 4_500);
  socket.closed({ code: 1000, problem: undefined }, 5_500);
  tick(6_000);
  expect(data.socket).toMatchObject({
    opened: 0,
    sent: 1,
    received: 1,
    bytesSent: 5,
    bytesReceived: 7,
    abnormalCloses: 0,
  });
  expect(data.socket?.openTime.stats()?.max).toBeCloseTo(5_000, -2);
  expect([...(data.socket?.windows ?? [])]).toEqual([
    [0, { sent: 0, received: 0, open: 1 }],
    [1, { sent: 0, received: 0, open: 1 }],
    [2, { sent: 0, received: 0, open: 1 }],
    [3, { sent: 1, received: 1, open: 1 }],
    [4, { sent: 0, received: 0, open: 1 }],
  ]);
});

test('the most that were open at a time are kept of each second', () => {
  const { data, open } = recorded();
  const [one, other] = [open(1_100), open(1_200)];
  one.closed({ code: 1000, problem: undefined }, 1_300);
  open(1_400);
  other.closed({ code: 1000, problem: undefined }, 2_100);
  expect([...(data.socket?.windows ?? [])].map(([second, window]) => [second, window.open])).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

test('an abnormal close is told by its code and its words', () => {
  const { data, told, open } = recorded();
  open(1_100).closed({ code: 1011, problem: 'out of memory' }, 1_500);
  open(1_100).closed({ code: 1000, problem: undefined }, 1_500);
  expect(told).toEqual([[{ kind: 'WebSocket 1011', endpoint: 'GET /ws', message: 'out of memory' }, 1_500]]);
  expect(data.socket).toMatchObject({
    opened: 2,
    abnormalCloses: 1,
    closes: new Map([
      ['1011', 1],
      ['1000', 1],
    ]),
  });
});

test('a socket with tags is in their books too, and its abnormal close once among the errors', () => {
  const { data, tagged, told, open } = recorded();
  open(1_500).closed({ code: 1000, problem: undefined }, 1_600);
  const socket = open(2_000, { tenant: 'a' });
  socket.sent(5, 2_100);
  socket.received(7, 2_200);
  socket.closed({ code: 1006, problem: 'lost' }, 2_300);
  const itself = { opened: 1, sent: 1, received: 1, bytesSent: 5, bytesReceived: 7, abnormalCloses: 1 };
  expect(tagged.socket).toMatchObject(itself);
  expect(data.socket).toMatchObject({ ...itself, opened: 2 });
  expect(told).toHaveLength(1);
});
