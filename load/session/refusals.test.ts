import { expect, test } from '@playwright/test';
import { arrivals } from '../profile/arrivals.ts';
import { refuseOtherArguments } from './refusals.ts';

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
