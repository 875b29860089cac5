import { expect, test } from '@playwright/test';
import { OptionsError } from '../../options-error.ts';
import { coreCount } from './core-count.ts';

const cases = [
  { asked: 1, available: 1, cores: 1 },
  { asked: 2, available: 2, cores: 2 },
  { asked: 'auto', available: 1, cores: 1 }, // there is none to leave
  { asked: 'auto', available: 2, cores: 1 },
  { asked: 'auto', available: 16, cores: 15 },
  { asked: 'auto', available: 16, shards: 3, cores: 5 },
  { asked: 'auto', available: 2, shards: 3, cores: 1 },
  { asked: 4, available: 16, shards: 3, cores: 4 },
] as const;
for (const { asked, available, cores, ...here } of cases) {
  const shards = 'shards' in here ? here.shards : 1;
  test(`\`cores: ${JSON.stringify(asked)}\` of ${available} with ${shards} shard(s) there is ${cores}`, () => {
    expect(coreCount(asked, available, shards)).toBe(cores);
  });
}

test('more cores than there are are refused, and what to say instead is said', () => {
  const refused = () => coreCount(3, 2, 1);
  expect(refused).toThrow(OptionsError);
  expect(refused).toThrow(/`cores` must be at most 2, .*, got 3: .* Say `'auto'` .*, or add shards/);
});
