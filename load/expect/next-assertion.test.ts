import { expect, type TestInfo } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { describeNextAssertion } from './next-assertion.ts';

const step = { category: 'expect', params: { expected: { a: 1 } } };

test('an assertion that is called at once gets its words, and none after it', () => {
  const told: unknown[] = [];
  const info = { _addStep: (data: unknown) => told.push(data) };
  describeNextAssertion(info as unknown as TestInfo, () => 'a 1');
  info._addStep(step);
  info._addStep(step);
  expect(told).toEqual([{ ...step, subtitle: 'a 1', params: { expected: 'a 1' } }, step]);
});

test('a matcher that was read and not called leaves nothing to the assertions that come later', async () => {
  const told: unknown[] = [];
  const info = { _addStep: (data: unknown) => told.push(data) };
  for (let n = 0; n < 2; n++) describeNextAssertion(info as unknown as TestInfo, () => 'a 1');
  await Promise.resolve();
  info._addStep(step);
  expect(told).toEqual([step]);
});
