/**
 * Soak: the agent stays what it was under a long steady load. Ten minutes are the least that tells a slow leak from a
 * warm-up, so it runs only when asked for: `npx playwright test --project=soak`, and `SOAK_FOR=8h` for a night of it.
 */
import { arrivals, type Duration, expect, test } from 'playload';
import { mixed } from './mixed.ts';

const { SOAK_FOR = '10m' } = process.env;

test('the agent neither leaks nor drifts', { tag: ['@soak', '@slow'] }, async ({ load }) => {
  const profile = arrivals('200/s').for(SOAK_FOR as Duration); // which refuses what is none
  const soak = await load.soak({ profile, limitMb: 512 }, mixed);
  expect(soak.run).toMeet({ successRate: '100%' });
});
