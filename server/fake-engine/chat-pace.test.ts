import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { ChatPace } from './chat-pace.ts';

const tickMs = 50;

/** What is shown when, of tokens that the simulation has made by then; asked as the desk asks. */
function play(made: (nowMs: number) => number, gapMs: number, untilMs: number): [nowMs: number, count: number][] {
  const pace = new ChatPace(tickMs);
  const shown: [number, number][] = [];
  for (let nowMs = 0; nowMs <= untilMs;) {
    const now = { nowMs, made: made(nowMs), gapMs };
    const count = pace.take(now);
    if (count > 0) shown.push([nowMs, count]);
    nowMs += Math.max(1, Math.ceil(pace.waitMs(now, tickMs - (nowMs % tickMs))));
  }
  return shown;
}

/** Tokens of each whole tick, all at its end. */
const byTick = (perTick: number) => (nowMs: number) => Math.floor(nowMs / tickMs) * perTick;

const rows: { title: string; made: (nowMs: number) => number; gapMs: number; shown: [number, number][] }[] = [
  {
    title: 'two of a tick are shown one by one',
    made: byTick(2),
    gapMs: 25,
    shown: [
      [50, 1],
      [75, 1],
      [100, 1],
      [125, 1],
      [150, 1],
    ],
  },
  {
    title: 'a gap below a millisecond shows several at once',
    made: byTick(100),
    gapMs: 0.5,
    shown: [
      [50, 1],
      ...Array.from({ length: 49 }, (_, at): [number, number] => [51 + at, 2]),
      [100, 1 + 1],
      ...Array.from({ length: 50 }, (_, at): [number, number] => [101 + at, 2]),
    ],
  },
  { title: 'nothing is shown before there is something', made: () => 0, gapMs: 25, shown: [] },
  {
    title: 'what came late is caught up for a tick and no more',
    made: (nowMs) => (nowMs < 50 ? 1 : nowMs < 150 ? 1 : 9),
    gapMs: 25,
    shown: [
      [0, 1],
      [150, 3], // those of the tick before
    ],
  },
];
for (const { title, made, gapMs, shown } of rows) {
  test(title, () => expect(play(made, gapMs, 150)).toEqual(shown));
}
