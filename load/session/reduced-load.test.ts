import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { arrivals } from '../profile/arrivals.ts';
import { users } from '../profile/users.ts';
import { feeder } from '../run/feeder.ts';
import { resolveOptions } from '../run/resolve-options.ts';
import { wholeShare } from '../profile/profile.ts';
import { reducedLoad } from './reduced-load.ts';

const options = {
  warmUp: '30s',
  startAfter: '20s',
  observe: { before: '10s', after: '40s' },
  abortOn: { errorRate: '> 50%' },
  abortAfter: '10s',
  requestTimeout: '3s',
  cores: 2,
} as const;
const scenario = () => undefined;
const asked = (profile = users(20).for('1m')) => ({
  profile,
  scenario,
  resolved: resolveOptions(options, profile),
  data: feeder(['first', 'second'], { order: 'unique' }),
  user: undefined,
  userData: undefined,
});

test('a full load is what was asked for', () => {
  const load = asked();
  expect(reducedLoad(load, { kind: 'full' })).toEqual({ ...load, plan: {}, steady: load.profile.steady });
});

test('a load that is played once waits for nothing, has one core, and the first row however often', () => {
  const { resolved, data, plan, steady } = reducedLoad(asked(), { kind: 'once' });
  expect(resolved).toEqual({
    ...resolveOptions({ requestTimeout: '3s' }, users(1).for('1s')),
    whenSaturated: 'warn',
    cores: 1,
  });
  const row = data?.rows(wholeShare, users(1).for('1s'));
  expect([row?.(), row?.(), row?.()]).toEqual(['first', 'first', 'first']);
  expect({ plan, steady }).toEqual({ plan: { once: true }, steady: { fromMs: 0, toMs: 60_000 } });
});

const times = [
  {
    durationMs: 6_000,
    warmUpMs: 3_000,
    startAfterMs: 2_000,
    observeBeforeMs: 1_000,
    observeAfterMs: 4_000,
    abortAfterMs: 1_000,
  },
  { durationMs: 120_000, warmUpMs: 30_000, startAfterMs: 40_000, observeBeforeMs: 10_000, observeAfterMs: 40_000 },
  { durationMs: undefined, warmUpMs: 30_000, startAfterMs: 20_000, observeBeforeMs: 10_000, observeAfterMs: 40_000 },
];
for (const { durationMs, ...expected } of times) {
  test(`a minute made ${durationMs ?? 'no other'} ms has ${JSON.stringify(expected)}`, () => {
    const load = asked(users(20).for('1m'));
    const { resolved } = reducedLoad(load, { kind: 'shrunk', scale: 0.5, durationMs });
    expect(resolved).toEqual({ ...load.resolved, ...expected });
  });
}

test('the plan says by how much a load was shrunk, where that is certain', () => {
  const plan = (profile: ReturnType<typeof asked>['profile'], scale: number, durationMs?: number) =>
    reducedLoad(asked(profile), { kind: 'shrunk', scale, durationMs }).plan;
  expect(plan(users(20).for('1m'), 0.5)).toEqual({ shrunk: { scale: 0.5 } });
  expect(
    reducedLoad(
      { ...asked(), profile: arrivals('100/s').for('10s') },
      { kind: 'shrunk', scale: 0.5, durationMs: 5_000 },
    ).plan,
  ).toEqual({ shrunk: { scale: 0.5, stretch: 0.5, countFactor: 0.25, rateFactor: 0.5 } });
});
