import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { progressLine } from '../measure/progress.ts';
import { emptyEndpoint, emptyRunData, emptyRunWindow } from '../measure/run-data.ts';
import { emptySocketBook, emptySocketWindow } from '../measure/socket-book.ts';
import { emptyStreamBook, emptyStreamWindow } from '../measure/stream-book.ts';
import { arrivals } from '../profile/arrivals.ts';
import { progressOf } from './progress.ts';
import { liveThrough } from '../../testing/virtual-run.ts';

test('progress tells of the last whole second, of errors in all, and before that of the first second so far', async () => {
  const { data } = await liveThrough(arrivals('100/s').for('3s'), undefined, {
    answer: (_, atMs) => ({ afterMs: 20, status: atMs < 300 ? 500 : 200 }),
  });
  const lineAt = (elapsedMs: number, plannedMs?: number) => progressLine(progressOf([data], { elapsedMs, plannedMs }));
  expect(lineAt(3_000, 60_000)).toMatch(/^0:03 of 1:00, 57s left · 100\/s · p95 2[01]\.\d ms · 10\.0 % errors$/);
  expect(lineAt(65_000)).toBe('1:05 · 0/s · 10.0 % errors');
  expect(lineAt(0, 3_000)).toMatch(/^0:00 of 0:03, 3s left · p95/); // no rate of no time
  expect(progressOf([data], { elapsedMs: 500, plannedMs: 3_000 }).rate).toBe(196); // 98 in half a second
});

test('a warm-up says how long it lasts, with the rate of its own seconds', async () => {
  const { data } = await liveThrough(arrivals('10/s').for('1s'), undefined, { warmUpMs: 2_000 });
  expect(progressLine(progressOf([data], { elapsedMs: -1_000, plannedMs: 1_000 }))).toMatch(
    /^warm-up, 1s left · 10\.0\/s · p95 /,
  );
});

/** A second of a core: how many users, how many requests ended, and how busy it was. */
const coreOf = (users: number, completed: number, elu: number) => {
  const run = emptyRunData({ index: 0, profile: 'p', model: 'closed', warmUpMs: 0, whenSaturated: 'invalid' });
  Object.assign(run.counts, { started: 100, ok: 100 });
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
  const at = { elapsedMs: 5_000, plannedMs: undefined };
  expect(progressLine(progressOf([own], at))).toContain(' 1.00/s · 1 user ');
  expect(progressLine(progressOf([own, other], at))).toContain(' 35.0/s · 5 users ');
});

for (const { runs, shows } of cores) {
  test(`${runs.length} of users are shown as ${shows}`, () => {
    expect(progressLine(progressOf(runs, { elapsedMs: 4_000, plannedMs: undefined }))).toBe(shows);
  });
}

test('events of streams and messages of sockets are told together, where there are any', () => {
  const run = coreOf(1, 20, 0.4);
  const row = emptyEndpoint();
  const stream = emptyStreamBook();
  const socket = emptySocketBook();
  stream.windows.set(3, { ...emptyStreamWindow(), events: 1_100 });
  socket.windows.set(3, { ...emptySocketWindow(), received: 134 });
  run.endpoints.set('GET /events', Object.assign(row, { stream, socket }));
  const lineAt = (elapsedMs: number) => progressLine(progressOf([run], { elapsedMs, plannedMs: undefined }));
  expect(lineAt(4_000)).toBe('0:04 · 20.0/s · 1,234 events/s · 1 user · 0 % errors · event loop 40.0 %');
  expect(lineAt(5_000)).not.toContain('events/s');
});
