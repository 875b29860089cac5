import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { arrivals } from '../profile/arrivals.ts';
import { iterations } from '../profile/iterations.ts';
import type { Profile } from '../profile/profile.ts';
import type { Scenario } from './scenario.ts';
import { liveThrough } from '../../testing/virtual-run.ts';

const forgetful: Scenario<unknown> = ({ request }) => {
  void request.get('/forgotten');
};

const models: readonly Profile[] = [iterations(20, { users: 4 }), arrivals('20/s').for('1s')];
for (const profile of models) {
  test(`${profile.describe()}: a scenario that ends while its own requests are under way fails, and says at which line`, async () => {
    const { data } = await liveThrough(profile, forgetful, { answer: () => ({ afterMs: 300 }) });
    expect(data.exceptions).toBe(20);
    expect(data.iterations).toEqual({ started: 20, failed: 20, unfinished: 0 });
    expect([...data.errors.values()].map(({ sample }) => sample)).toEqual([
      expect.stringMatching(
        /^Error: it ended while its own requests were under way, called at load\/run\/forgotten-requests\.test\.ts:10:\d+: is an `await` missing\?$/,
      ),
    ]);
  });

  test(`${profile.describe()}: what was forgotten is waited for all the same, and none is unfinished`, async () => {
    const { data, end } = await liveThrough(profile, forgetful, { answer: () => ({ afterMs: 5_000 }) });
    expect(data.counts).toMatchObject({ started: 20, ok: 20, unfinished: 0 });
    expect(end.stopped).toBeUndefined();
    expect(data.accounting).toEqual([]);
  });

  test(`${profile.describe()}: what is never answered is cut off in its own row, by its age`, async () => {
    const answer = (_: string, atMs: number) => (atMs === 0 ? 'never' : { afterMs: 10 });
    const { data } = await liveThrough(profile, forgetful, { answer, gracefulStopMs: 2_000 });
    const row = data.endpoints.get('GET /forgotten');
    expect(row?.counts.unfinished).toBe(data.counts.unfinished);
    expect(data.counts.unfinished).toBeGreaterThan(0);
    expect(row?.service.stats()?.max).toBeGreaterThanOrEqual(2_000);
    expect(data.accounting).toEqual([]);
  });
}

test('a scenario that fails while another of its requests is under way has its own error alone', async () => {
  const both: Scenario<unknown> = async ({ request }) =>
    Promise.all([request.get('/slow'), Promise.reject(new Error('the price is wrong'))]);
  const { data } = await liveThrough(iterations(1, { users: 1 }), both, { answer: () => ({ afterMs: 300 }) });
  expect([...data.errors.values()].map(({ sample }) => sample)).toEqual(['Error: the price is wrong']);
  expect(data.counts).toMatchObject({ ok: 1, unfinished: 0 });
});

test('an iteration that throws a request error though none of its requests failed is an exception', async () => {
  const strict: Scenario<unknown> = async ({ request }) => {
    const response = await request.get('/expected');
    throw Object.assign(new Error(`${response.status()} Not Found`), { name: 'Error' });
  };
  const { data } = await liveThrough(iterations(3, { users: 1 }), strict, {
    answer: () => ({ afterMs: 1, status: 404 }),
    expectStatus: (status) => status === 404,
  });
  expect([data.counts.ok, data.iterations.failed, data.exceptions]).toEqual([3, 3, 3]);
});

test('what comes when the run is over is told in the books', async () => {
  const late: { run?: () => void } = {};
  const loose: Scenario<unknown> = async ({ request, check }) => {
    await request.get('/ok');
    late.run = () => void check('late', false);
  };
  const { data } = await liveThrough(iterations(1, { users: 1 }), loose, { answer: () => ({ afterMs: 1 }) });
  late.run?.();
  expect(data.accounting).toEqual(['run: a check came when it was over: is an `await` missing?']);
});
