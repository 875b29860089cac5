import { expect } from '@playwright/test';
import { LatencyHistogram } from '../../load/measure/histogram.ts';
import { test } from '../../testing/plain-test.ts';
import { usersNotes } from './users.ts';

const took = (ms: number) => {
  const all = new LatencyHistogram();
  all.recordMs(ms);
  const stats = all.stats();
  return stats === undefined ? {} : { ms: stats };
};

const rows = [
  { users: undefined, notes: [] },
  {
    users: { setUp: { begun: 50, failed: 0, ...took(301) }, tearDown: { begun: 50, failed: 0, ...took(12) } },
    notes: ['users: 50 set up (p50 301 ms), 50 torn down (p50 12.0 ms)'],
  },
  {
    users: { setUp: { begun: 1_050, failed: 3, ...took(301) }, tearDown: { begun: 1_047, failed: 1_047 } },
    notes: ['users: 1,047 set up (p50 301 ms, 3 failed), 0 torn down (1,047 failed)'],
  },
];
for (const { users, notes } of rows) {
  test(`it is said ${JSON.stringify(notes)}`, () => {
    expect(usersNotes(users === undefined ? {} : { users })).toEqual(notes);
  });
}
