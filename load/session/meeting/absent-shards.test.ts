import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { missedWords } from './absent-shards.ts';

const cases = [
  { here: [1, 2, 4], lost: [], says: 'shard 3 of 4 never came to /meet within 2m; shards 1, 2, 4 did' },
  { here: [2], lost: [], says: 'shards 1, 3, 4 of 4 never came to /meet within 2m; shard 2 did' },
  {
    here: [1, 4],
    lost: [3],
    says: 'shard 2 of 4 never came to /meet within 2m; shard 3 of 4 came to /meet and went away (killed, or out of patience); shards 1, 4 did',
  },
  {
    here: [1, 2],
    lost: [3, 4],
    says: 'shards 3, 4 of 4 came to /meet and went away (killed, or out of patience); shards 1, 2 waited',
  },
  {
    here: [1, 2, 3, 4],
    lost: [],
    says: 'the 4 shards came to /meet and did not agree within 2m; shards 1, 2, 3, 4 waited',
  },
];
for (const { here, lost, says } of cases) {
  test(`a meeting of ${here.join(', ')} that lost ${lost.join(', ') || 'nobody'} says so`, () => {
    expect(missedWords({ of: 4, here, lost }, { where: '/meet', timeoutMs: 120_000 })).toBe(says);
  });
}
