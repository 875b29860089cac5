import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { OptionsError } from '../../options-error.ts';
import { coreCount } from './core-count.ts';

const cases = [
  { asked: 1, available: { count: 1, ofMachine: 1 }, cores: { count: 1 } },
  { asked: 2, available: { count: 2, ofMachine: 2 }, cores: { count: 2 } },
  {
    asked: 'auto',
    available: { count: 1, ofMachine: 1 }, // there is none to leave
    cores: { count: 1, why: '1 by `auto`: 1 may be used' },
  },
  {
    asked: 'auto',
    available: { count: 1, ofMachine: 2, limit: 'CPU affinity' },
    cores: { count: 1, why: "1 by `auto`: 1 of the machine's 2 may be used (CPU affinity)" },
  },
  {
    asked: 'auto',
    available: { count: 16, ofMachine: 16 },
    cores: { count: 15, why: '15 by `auto`: 16 may be used, less one for the rest' },
  },
  {
    asked: 'auto',
    available: { count: 3, ofMachine: 8, limit: 'CPU quota of 3.5' },
    cores: { count: 2, why: "2 by `auto`: 3 of the machine's 8 may be used (CPU quota of 3.5), less one for the rest" },
  },
  {
    asked: 'auto',
    available: { count: 16, ofMachine: 16 },
    shards: 3,
    cores: { count: 5, why: '5 by `auto`: 16 may be used, less one for the rest, for 3 shards' },
  },
  {
    asked: 'auto',
    available: { count: 2, ofMachine: 2 },
    shards: 3,
    cores: { count: 1, why: '1 by `auto`: 2 may be used, less one for the rest, for 3 shards' },
  },
  { asked: 4, available: { count: 16, ofMachine: 16 }, shards: 3, cores: { count: 4 } },
] as const;
for (const { asked, available, cores, ...here } of cases) {
  const shards = 'shards' in here ? here.shards : 1;
  const of = `${available.count} of ${available.ofMachine}`;
  test(`\`cores: ${JSON.stringify(asked)}\` of ${of} with ${shards} shard(s) there is ${cores.count}`, () => {
    expect(coreCount(asked, available, shards)).toEqual(cores);
  });
}

test('more cores than there are are refused, and what to say instead is said', () => {
  const refused = () => coreCount(3, { count: 2, ofMachine: 2 }, 1);
  expect(refused).toThrow(OptionsError);
  expect(refused).toThrow(/`cores` must be at most 2, .*, got 3: .* Say `'auto'` .*, or add shards/);
});
