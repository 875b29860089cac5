import { expect, test } from '@playwright/test';
import { summaryOf } from './summary-of.ts';

test('without any run nothing has passed', () => {
  const times = { startedAt: new Date(0), durationMs: 1 };
  const { verdict } = summaryOf([], times, { node: 'v20', os: 'any', cpu: 'any', cores: 1 });
  expect(verdict).toBe('incomplete');
});
