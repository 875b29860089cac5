import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { defaultProbeOptions, resolveProbe } from './probe-options.ts';

const resolve = (options: unknown) => {
  const problems: string[] = [];
  return { problems, resolved: resolveProbe(options, problems) };
};

test('what is not said is as by default, and `undefined` says nothing', () => {
  for (const options of [{}, { every: undefined }, defaultProbeOptions])
    expect(resolve(options)).toEqual({
      problems: [],
      resolved: { name: 'page', everyMs: 5_000, idle: 3, timeoutMs: 30_000 },
    });
});

const bad = [
  { options: null, says: '`probe` takes its options as an object, got null' },
  { options: { often: '1s' }, says: '`often` is no option of `probe`; known are name, every, idle, timeout' },
  { options: { every: '0s' }, says: '`every` of a probe must be a duration above 0 such as `5s`, got "0s"' },
  { options: { every: 5 }, says: '`every` of a probe must be a duration above 0 such as `5s`, got 5' },
  { options: { timeout: '1000h' }, says: '`timeout` of a probe must be a duration above 0 such as `30s`, got "1000h"' },
  {
    options: { idle: 0 },
    says: '`idle` must be a whole number from 1 to 1,000, got 0: what the load adds is held against those rounds',
  },
  {
    options: { idle: 1.5 },
    says: '`idle` must be a whole number from 1 to 1,000, got 1.5: what the load adds is held against those rounds',
  },
  {
    options: { idle: 1_001 },
    says: '`idle` must be a whole number from 1 to 1,000, got 1001: what the load adds is held against those rounds',
  },
  { options: { name: ' ' }, says: '`name` of a probe must be a text, got " "' },
];
for (const { options, says } of bad)
  test(`sad: ${JSON.stringify(options)} is refused`, () => {
    expect(resolve(options).problems).toEqual([says]);
  });

test('all that is wrong is told at once', () => {
  expect(resolve({ every: '', idle: -1, timeout: 3 }).problems).toHaveLength(3);
});
