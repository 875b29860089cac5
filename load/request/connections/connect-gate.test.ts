import { expect } from '@playwright/test';
import { HandMovedTime, settled } from '../../../testing/hand-moved-time.ts';
import { test } from '../../../testing/plain-test.ts';
import { ConnectGate, ConnectGates, gateLimits } from './connect-gate.ts';

const { places, handshakeMs, answerMs, lookMs } = gateLimits;

/** Connections that ask in the order of their numbers, and the order in which they begin. */
function gateWith(asked: number) {
  const time = new HandMovedTime();
  const gate = new ConnectGate({ now: time.now, later: (ms, then) => time.after(ms, then) });
  const begun: number[] = [];
  const all = Array.from({ length: asked }, (_, number) => ({ number, giveUp: () => undefined }));
  const begin = (connection: (typeof all)[number]) => {
    gate.enter(connection);
    begun.push(connection.number);
  };
  for (const connection of all) {
    if (gate.isOpen) begin(connection);
    else gate.wait(connection.giveUp, () => begin(connection));
  }
  const some = (numbers: readonly number[]) => all.filter(({ number }) => numbers.includes(number));
  return { time, gate, begun, some, begin };
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

type Gated = ReturnType<typeof gateWith>;
interface Case {
  readonly when: string;
  readonly asked: number;
  readonly then?: (gated: Gated) => void;
  readonly afterMs?: number;
  readonly begun: readonly number[];
  /** How many wait still. */
  readonly armed: 0 | 1;
}

const leave = ({ gate, some }: Gated, ...numbers: number[]) => {
  for (const connection of some(numbers)) gate.leave(connection);
};
const quit = ({ gate, some }: Gated, ...numbers: number[]) => {
  for (const { giveUp } of some(numbers)) gate.quit(giveUp);
};
const connected = ({ gate, some }: Gated, ...numbers: number[]) => {
  for (const connection of some(numbers)) gate.connected(connection);
};

const cases: readonly Case[] = [
  { when: 'there are as many as may be', asked: places, begun: upTo(places), armed: 0 },
  { when: 'there is one more', asked: places + 1, begun: upTo(places), armed: 1 },
  {
    when: 'one was accepted',
    asked: places + 2,
    then: (gated) => leave(gated, 5),
    begun: upTo(places + 1),
    armed: 1,
  },
  {
    when: 'as many were accepted as wait',
    asked: places + 2,
    then: (gated) => leave(gated, 7, 3),
    begun: upTo(places + 2),
    armed: 0,
  },
  {
    when: 'one leaves twice',
    asked: places + 2,
    then: (gated) => leave(gated, 5, 5),
    begun: upTo(places + 1),
    armed: 1,
  },
  {
    when: 'the first in line is given up',
    asked: places + 2,
    then: (gated) => {
      quit(gated, places);
      leave(gated, 0);
    },
    begun: [...upTo(places), places + 1],
    armed: 0,
  },
  {
    when: 'one is given up just after its place was freed for the line',
    asked: places + 2,
    then: (gated) => {
      leave(gated, 0);
      quit(gated, places);
    },
    begun: [...upTo(places), places + 1],
    armed: 0,
  },
  {
    when: 'all are given up at once, those who began first',
    asked: 3 * places,
    then: (gated) => {
      leave(gated, ...upTo(places));
      quit(gated, ...upTo(3 * places));
    },
    begun: upTo(places),
    armed: 0,
  },
  {
    when: 'nothing answers, for less than a lost handshake takes',
    asked: 3 * places,
    afterMs: handshakeMs - lookMs,
    begun: upTo(places),
    armed: 1,
  },
  {
    when: 'nothing answers, for as long',
    asked: 3 * places,
    afterMs: handshakeMs + lookMs,
    begun: upTo(2 * places),
    armed: 1,
  },
  {
    when: 'nothing answers, for twice as long',
    asked: 3 * places,
    afterMs: 2 * (handshakeMs + lookMs),
    begun: upTo(3 * places),
    armed: 0,
  },
  {
    when: 'some are connected and not answered for a while',
    asked: 2 * places,
    then: (gated) => connected(gated, 1, 2, 3),
    afterMs: answerMs + lookMs,
    begun: upTo(places + 3),
    armed: 1,
  },
  {
    when: 'some are connected and not answered for less',
    asked: 2 * places,
    then: (gated) => connected(gated, 1, 2, 3),
    afterMs: answerMs - lookMs,
    begun: upTo(places),
    armed: 1,
  },
];
for (const { when, asked, then, afterMs = 0, begun, armed } of cases) {
  test(`of ${asked} connections ${begun.length} begin when ${when}`, async () => {
    const gated = gateWith(asked);
    then?.(gated);
    await settled();
    await gated.time.move(afterMs);
    expect([gated.begun, gated.time.armed]).toEqual([begun, armed]);
  });
}

test('places that are held too long count no more, though nobody waited for them', async () => {
  const { time, gate } = gateWith(places);
  expect(gate.isOpen).toBe(false);
  time.block(handshakeMs);
  expect(gate.isOpen).toBe(true);
});

test('what comes while others wait stands behind them', async () => {
  const { gate, some, begun, begin } = gateWith(places + 1);
  for (const connection of some([0, 1])) gate.leave(connection);
  expect(gate.isOpen).toBe(false);
  const late = { number: 999, giveUp: () => undefined };
  gate.wait(late.giveUp, () => begin(late));
  await settled();
  expect(begun.slice(places)).toEqual([places, 999]);
});

test('what waits is told from what has begun', () => {
  const { gate, some } = gateWith(places + 2);
  expect(some([0, places, places + 1]).map(({ giveUp }) => gate.isInLine(giveUp))).toEqual([false, true, true]);
});

test('hosts have gates of their own', () => {
  const gates = new ConnectGates({ now: () => 0 });
  expect([gates.of('a:80') === gates.of('a:80'), gates.of('a:80') === gates.of('b:80')]).toEqual([true, false]);
});
