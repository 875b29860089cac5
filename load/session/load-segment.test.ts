import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { segmentOfThisProcess } from './load-segment.ts';

const shard = { current: 2, total: 3 };
const cases = [
  { shard, env: {}, once: false, segment: { shard: 2, shards: 3, core: 1 } },
  { shard: null, env: { LOAD_SHARD: '3/4' }, once: false, segment: { shard: 3, shards: 4, core: 1 } },
  { shard: null, env: {}, once: false, segment: { shard: 1, shards: 1, core: 1 } },
  { shard, env: {}, once: true, segment: { shard: 1, shards: 1, core: 1 } },
  { shard: null, env: {}, once: true, segment: { shard: 1, shards: 1, core: 1 } },
];
for (const { segment, ...given } of cases) {
  test(`${JSON.stringify(given)} is ${JSON.stringify(segment)}`, () => {
    expect(segmentOfThisProcess({ ...given, pid: 1 })).toEqual(segment);
  });
}
