/** Questions that are wrong are refused with all that is wrong in them, before a load is asked for. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { arrivals } from '../profile/arrivals.ts';
import { iterations } from '../profile/iterations.ts';
import { users } from '../profile/users.ts';
import type { Laboratory } from './experiment.ts';
import { findRecovery } from './recovery.ts';
import type { RecoveryQuestion } from './recovery-question.ts';
import { soak } from './soak.ts';
import type { SoakQuestion } from './soak-question.ts';

const laboratory: Laboratory = {
  once: () => false,
  load: async () => Promise.reject(new Error('a load was asked for')),
  tell: () => undefined,
  step: async (_, body) => body(),
};
const rest = { scenario: async () => undefined, options: {} };

const stress = users(10).for('5s');
const recoveries: { readonly what: string; readonly question: object; readonly problems: readonly string[] }[] = [
  {
    what: 'a stress of no known length',
    question: { probe: '100/s', stress: iterations(10, { users: 2 }) },
    problems: [
      `\`stress\` must be a profile that knows how long it lasts, such as \`users(50).for('10s')\`, got \`${iterations(10, { users: 2 }).describe()}\``,
    ],
  },
  {
    what: 'a probe too thin for its windows',
    question: { probe: '10/s', stress },
    problems: [
      '`probe` of 10/s puts 10 requests into a window of 1s, a p95 needs 20: probe faster or take longer windows',
    ],
  },
  {
    what: 'less time before than windows are needed, and options that are none',
    question: { probe: '50/s', stress, before: '5s', within: 'soon', window: '1.5s', tolerance: -1, spee: 1 },
    problems: [
      '`spee` is no option of `load.recovery`; known are probe, stress, stressing, before, within, name, cpu, memory, window, tolerance, floor, holdWindows, errorRateMargin, maxBaselineErrorRate, minBaselineWindows, minRequestsPerWindow',
      '`tolerance` must be a number of 0 or more, got -1',
      '`window` counts whole seconds, got 1.5s',
      '`before` must be at least 15s, got "5s"',
      '`within` must be a duration such as `300ms`, `30s` or `5m`, got "soon"',
    ],
  },
  {
    what: 'rules of CPU, memory and windows that can be none',
    question: {
      probe: '50/s',
      stress,
      holdWindows: 2.5,
      errorRateMargin: 1,
      cpu: { marginPoint: 5, holdReadings: 0 },
      memory: { limitMB: 100, edgeReadings: NaN, settledMb: -1 },
    },
    problems: [
      '`holdWindows` must be a whole number above 0, got 2.5',
      '`errorRateMargin` must be a share of 1, such as 0.05 for 5 %, got 1',
      '`marginPoint` is no option of `cpu`; known are marginPoints, marginShare, holdReadings, minBaselineReadings',
      'in `cpu`: `holdReadings` must be a whole number above 0, got 0',
      '`limitMB` is no option of `memory`; known are limitMb, edgeReadings, settledMb, settledShare, returnedShare, returnedMb',
      'in `memory`: `edgeReadings` must be a whole number above 0, got NaN',
      'in `memory`: `settledMb` must be a number of 0 or more, got -1',
    ],
  },
  {
    what: 'a rule that is no rule',
    question: { probe: '50/s', stress, cpu: true, memory: null },
    problems: ['`cpu` must be an object of options, got true', '`memory` must be an object of options, got null'],
  },
];
for (const { what, question, problems } of recoveries) {
  test(`\`load.recovery\` refuses ${what}`, async () => {
    const asked = findRecovery(laboratory, question as RecoveryQuestion, rest);
    await expect(asked).rejects.toMatchObject({ name: 'OptionsError', problems });
  });
}

const soaks: { readonly what: string; readonly question: object; readonly problems: readonly string[] }[] = [
  {
    what: 'no profile, and options that are none',
    question: { profile: '200/s', limitMb: 'much', memory: { minBlock: '1 hour' }, drift: { minChange: '10%' } },
    problems: [
      '`profile` must be a profile that knows how long it lasts, such as `users(50).for(\'10s\')`, got "200/s"',
      '`limitMb` must be a number of 0 or more, got "much"',
      'in `memory`: `minBlock` must be a duration such as `300ms`, `30s` or `5m`, got "1 hour"',
      'in `drift`: `minChange` must be a number of 0 or more, got "10%"',
    ],
  },
  {
    what: 'rules of leaks and drifts that can be none',
    question: {
      profile: stress,
      memory: { minGrowthMB: 1, alpha: 1, blocks: 0 },
      handles: { minGrowth: NaN },
      drift: { minchange: 0.2, confidence: 95 },
    },
    problems: [
      '`minGrowthMB` is no option of `memory`; known are blocks, minBlocks',
      'in `memory`: `alpha` must be a share of 1, such as 0.05 for 5 %, got 1',
      'in `memory`: `blocks` must be a whole number above 0, got 0',
      'in `handles`: `minGrowth` must be a number of 0 or more, got NaN',
      '`minchange` is no option of `drift`; known are minChange',
      'in `drift`: `confidence` must be a share of 1, such as 0.05 for 5 %, got 95',
    ],
  },
  {
    what: 'a profile that holds no level',
    question: { profile: arrivals.ramp([{ to: '100/s', over: '1m' }]) },
    problems: ['what drifts by itself under it'],
  },
];
for (const { what, question, problems } of soaks) {
  test(`\`load.soak\` refuses ${what}`, async () => {
    const asked = soak(laboratory, question as SoakQuestion, rest);
    await expect(asked).rejects.toMatchObject({
      name: 'OptionsError',
      problems: problems.map((problem) => expect.stringContaining(problem)),
    });
  });
}

test('what is right is asked for', async () => {
  await expect(findRecovery(laboratory, { probe: '50/s', stress }, rest)).rejects.toThrow('a load was asked for');
  await expect(soak(laboratory, { profile: stress }, rest)).rejects.toThrow('a load was asked for');
});
