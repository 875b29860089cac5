import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { capacityProblems, type CapacityAnswer, type CapacityName } from './capacities.ts';

const right: CapacityAnswer = {
  ...{ sustained: 195, failed: 204, limitedBy: 'latency', verdict: 'measured', sentence: '', steps: 14, seconds: 120 },
};

const cases: readonly (readonly [name: CapacityName, answer: CapacityAnswer, problems: readonly string[]])[] = [
  ['queue', right, []],
  ['queue', { ...right, sustained: 180 }, []],
  ['queue', { ...right, sustained: 179 }, ['not within 10 %']],
  ['queue', { ...right, sustained: 221, limitedBy: 'errors' }, ['not within 10 %', 'limited by errors']],
  ['limiter', { ...right, sustained: 296, limitedBy: 'errors', seconds: 181 }, ['took too long']],
  ['mortal', { ...right, verdict: 'failed', limitedBy: 'server', sustained: 160 }, []],
  ['mortal', { ...right, limitedBy: 'generator' }, ['limited by generator', 'its death is not told']],
];
for (const [name, answer, problems] of cases) {
  test(`${name}: ${answer.sustained ?? 'none'}/s by ${answer.limitedBy ?? 'nothing'} in ${answer.seconds} s: ${problems.join(', ') || 'right'}`, () => {
    expect(capacityProblems(name, answer)).toEqual(problems);
  });
}
