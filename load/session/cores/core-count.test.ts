import { expect, test } from '@playwright/test';
import { OptionsError } from '../../options-error.ts';
import { coreCount } from './core-count.ts';

const cases = [
  { asked: 1, available: 1, cores: 1 },
  { asked: 2, available: 2, cores: 2 },
  { asked: 'auto', available: 1, cores: 1 }, // there is none to leave
  { asked: 'auto', available: 2, cores: 1 },
  { asked: 'auto', available: 16, cores: 15 },
] as const;
for (const { asked, available, cores } of cases) {
  test(`\`cores: ${JSON.stringify(asked)}\` of ${available} is ${cores}`, () => {
    expect(coreCount(asked, available)).toBe(cores);
  });
}

test('more cores than there are are refused, and what to say instead is said', () => {
  const refused = () => coreCount(3, 2);
  expect(refused).toThrow(OptionsError);
  expect(refused).toThrow(/`cores` must be at most 2, .*, got 3: .* Say `'auto'` .*, or add shards/);
});
