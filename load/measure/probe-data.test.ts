import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { addProbe, emptyProbe, KeptRounds, mostRounds } from './probe-data.ts';

const round = (atMs: number, failure?: string) => ({
  atMs,
  phase: 'load' as const,
  vitals: {},
  actions: {},
  ms: 1,
  ...(failure !== undefined && { failure }),
});

for (const count of [0, 1, mostRounds, mostRounds + 1, 2 * mostRounds + 1, 10_000])
  test(`of ${count} rounds at most ${mostRounds} are kept, evenly, from the first on`, () => {
    const kept = new KeptRounds<ReturnType<typeof round>>();
    for (let at = 0; at < count; at += 1) kept.add(round(at));
    const { rounds, leftOut } = kept;
    expect(rounds.length + leftOut).toBe(count);
    expect(rounds.length).toBeLessThanOrEqual(mostRounds);
    const gaps = new Set(rounds.slice(1).map(({ atMs }, at) => atMs - (rounds[at]?.atMs ?? 0)));
    expect(gaps.size).toBe(count < 2 ? 0 : 1);
    expect(rounds[0]?.atMs).toBe(count === 0 ? undefined : 0);
    expect(count - (rounds.at(-1)?.atMs ?? 0)).toBeLessThanOrEqual(Math.max(1, ...gaps));
  });

test('rounds that failed are kept whenever they come, as many', () => {
  const kept = new KeptRounds<ReturnType<typeof round>>();
  for (let at = 0; at < 10_000; at += 1) kept.add(round(at, at > 8_500 ? 'it fell over' : undefined));
  expect(kept.rounds.filter(({ failure }) => failure !== undefined)).toHaveLength(mostRounds);
  expect(kept.rounds.length).toBeLessThanOrEqual(2 * mostRounds);
});

test('each segment has its rounds in the whole, however many the others had', () => {
  const whole = emptyProbe(1);
  for (let segment = 0; segment < 3; segment += 1)
    addProbe(whole, { everyMs: 1, rounds: Array.from({ length: mostRounds }, (_, at) => round(at)), leftOut: 7 });
  expect([whole.rounds.length, whole.leftOut]).toEqual([3 * mostRounds, 21]);
});
