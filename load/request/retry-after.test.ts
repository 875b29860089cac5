import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { retryAfterMs } from './retry-after.ts';

const nowEpochMs = Date.UTC(2026, 0, 1, 12, 0, 0);
const cases: readonly { readonly asks: string | undefined; readonly date?: string; readonly ms: number | undefined }[] =
  [
    { asks: undefined, ms: undefined },
    { asks: '0', ms: 0 },
    { asks: '3', ms: 3_000 },
    { asks: ' 120 ', ms: 120_000 },
    { asks: 'Thu, 01 Jan 2026 12:00:05 GMT', ms: 5_000 },
    { asks: 'Thursday, 01-Jan-26 12:00:05 GMT', ms: 5_000 },
    { asks: 'Thu Jan  1 12:00:05 2026', ms: 5_000 },
    { asks: 'Thu, 01 Jan 2026 11:59:00 GMT', ms: 0 }, // past
    { asks: 'Thu, 01 Jan 2026 13:00:05 GMT', date: 'Thu, 01 Jan 2026 13:00:00 GMT', ms: 5_000 }, // its clock is ahead
    { asks: 'Thu, 01 Jan 2026 12:00:05 GMT', date: 'today', ms: 5_000 },
    { asks: 'Thu, 41 Jan 2026 12:00:05 GMT', ms: undefined },
    { asks: '-1', ms: undefined },
    { asks: '1.5', ms: undefined },
    { asks: 'soon', ms: undefined },
    { asks: '', ms: undefined },
  ];
for (const { asks, date, ms } of cases) {
  const headers = [...(asks === undefined ? [] : ['Retry-After', asks]), ...(date === undefined ? [] : ['Date', date])];
  test(`${JSON.stringify(headers)} asks for ${ms === undefined ? 'nothing' : `${ms} ms`}`, () => {
    expect(retryAfterMs(headers, nowEpochMs)).toBe(ms);
  });
}
