import { expect, test } from '@playwright/test';
import { emptyRunData, emptyRunWindow } from '../measure/run-data.ts';
import { arrivals } from '../profile/arrivals.ts';
import { progressLine, spark } from './progress.ts';
import { liveThrough } from '../../testing/virtual-run.ts';

test('a line of progress tells of the last whole second, and of errors in all', async () => {
  const { data } = await liveThrough(arrivals('100/s').for('3s'), undefined, {
    answer: (_, atMs) => ({ afterMs: 20, status: atMs < 300 ? 500 : 200 }),
  });
  expect(progressLine([data], { elapsedMs: 3_000, plannedMs: 60_000, rates: [50, 100] })).toMatch(
    /^0:03 of 1:00, 57s left ▅█ · 100\/s · p95 2[01]\.\d ms · 10\.0 % errors$/,
  );
  expect(progressLine([data], { elapsedMs: 65_000, plannedMs: undefined, rates: [] })).toBe(
    '1:05 · 0/s · 10.0 % errors',
  );
});

/** A second of a core: how many users, how many requests ended, and how busy it was. */
const coreOf = (users: number, completed: number, elu: number) => {
  const run = emptyRunData({ index: 0, profile: 'p', model: 'closed', warmUpMs: 0, whenSaturated: 'invalid' });
  run.counts.ok = completed;
  run.windows.set(3, { ...emptyRunWindow(), users, completed });
  run.windows.set(4, { ...emptyRunWindow(), users: 1, completed: 1 }); // it goes on
  const generator = [1, 2, 3].map((second) => ({ second, elu }));
  run.segments.push({ runId: '', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 4_000, generator, pid: 1 });
  return run;
};

const cores = [
  { runs: [coreOf(1, 20, 0.4)], shows: '0:04 · 20.0/s · 1 user · 0 % errors · event loop 40.0 %' },
  {
    runs: [coreOf(3, 20, 0.4), coreOf(2, 15, 0.5)],
    shows: '0:04 · 35.0/s · 5 users · 0 % errors · event loops 40.0 %, 50.0 %',
  },
  {
    runs: [coreOf(3, 20, 0.4), coreOf(2, 15, 0.99)],
    shows: '0:04 · 35.0/s · 5 users · 0 % errors · event loops 40.0 %, 99.0 %, saturated',
  },
];

test('the second that is shown is the last one that the other core has told whole', () => {
  const [own, other] = [coreOf(3, 20, 0.4), coreOf(2, 15, 0.5)];
  const parts = { elapsedMs: 5_000, plannedMs: undefined, rates: [] };
  expect(progressLine([own], parts)).toContain(' 1.00/s · 1 user ');
  expect(progressLine([own, other], parts)).toContain(' 35.0/s · 5 users ');
});

for (const { runs, shows } of cores) {
  test(`${runs.length} of users are shown as ${shows}`, () => {
    expect(progressLine(runs, { elapsedMs: 4_000, plannedMs: undefined, rates: [] })).toBe(shows);
  });
}

const sparks = [
  { values: [], bars: '' },
  { values: [0, 0], bars: '▁▁' },
  { values: [0, 50, 100], bars: '▁▅█' },
  { values: [7], bars: '█' },
];
for (const { values, bars } of sparks) {
  test(`${JSON.stringify(values)} is drawn as "${bars}"`, () => expect(spark(values)).toBe(bars));
}
