/** What all experiments have in common. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { LoadRun } from '../load-run.ts';
import { OptionsError } from '../options-error.ts';
import { madeRun } from '../../testing/made-run.ts';
import { type ExperimentParts, experimentsOf } from './experiments.ts';

const question = { slo: { p95: '< 100ms' }, from: '50/s', to: '50/s', confirmations: 0 } as const;

test('a second experiment beside a first is refused before it sends anything, and may begin after it', async () => {
  let loads = 0;
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const parts: ExperimentParts = {
    once: () => false,
    load: async () => {
      loads += 1;
      await released;
      return new LoadRun(madeRun({ model: 'open', seconds: 2 }, loads));
    },
    tell: () => undefined,
    step: async (_, body) => body(),
    refuseShards: () => undefined,
    untilSaid: async (experiment) => experiment,
  };
  const load = experimentsOf(parts);
  const first = load.breakingPoint(question, () => undefined);
  const second = load.breakingPoint(question, () => undefined);
  await expect(second).rejects.toThrow(OptionsError);
  await expect(second).rejects.toThrow(
    '`load.breakingPoint` began while `load.breakingPoint` was running, and each would measure the other: `await` the one before the other',
  );
  expect(loads).toBe(1);
  release();
  await first;
  const before = loads;
  await load.breakingPoint(question, () => undefined);
  expect(loads).toBeGreaterThan(before);
});
