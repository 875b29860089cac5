import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { arrivals } from '../profile/arrivals.ts';
import { resolveOptions } from '../run/resolve-options.ts';
import { refuseAlone, refuseOtherArguments } from './refusals.ts';

const profile = arrivals('5/s').for('1s');
const scenario = () => undefined;

const wrong: readonly { readonly given: readonly [unknown, unknown, unknown]; readonly says: string }[] = [
  { given: ['5/s', scenario, {}], says: 'the first argument of `load` is a profile' },
  { given: [profile, undefined, {}], says: 'the second argument of `load` is the scenario' },
  { given: [profile, scenario, null], says: 'the third argument of `load` is an object of options' },
  { given: [profile, scenario, '2s'], says: 'the third argument of `load` is an object of options' },
];
for (const { given, says } of wrong) {
  test(`${says.slice(0, 25)} is said of ${JSON.stringify(given)}`, () => {
    expect(() => refuseOtherArguments(...given)).toThrow(says);
  });
}

const tooFew = [
  {
    cores: 4,
    options: { maxInFlight: 3 },
    says: '`maxInFlight` must be at least the number of cores, which is 4, got 3',
  },
  {
    cores: 2,
    options: { maxConnections: 1 },
    says: '`maxConnections` must be at least the number of cores, which is 2, got 1',
  },
];
for (const { cores, options, says } of tooFew) {
  test(says, () => {
    const place = { shard: { index: 0, of: 1 }, core: { index: 0, of: cores } };
    expect(() => refuseAlone(place, profile, resolveOptions(options, profile))).toThrow(says);
  });
}
