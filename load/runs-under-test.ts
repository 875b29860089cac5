/**
 * The runs of the test at hand. Their session tells of whatever is amiss when the test ends, so an assertion about one
 * need not end the test; when it has ended, their results are handed over, and no limit could reach them any more.
 */
import type { RunData } from './measure/run-data.ts';

const testOf = new WeakMap<RunData, 'at hand' | 'elsewhere' | 'over'>();

/** `elsewhere`: the first core of the load runs the same test, and judges. */
export function putUnderTest(data: RunData, where: 'at hand' | 'elsewhere'): void {
  testOf.set(data, where);
}

export function isJudgedElsewhere(data: RunData): boolean {
  return testOf.get(data) === 'elsewhere';
}

export function isUnderTest(data: RunData): boolean {
  return testOf.get(data) === 'at hand';
}

/** Whether they are loads of one test, as far as anything tells. */
export function isSameTest(a: RunData, b: RunData): boolean {
  return testOf.get(a) === testOf.get(b);
}

/** Their test is over: nobody would tell of them any more. */
export function releaseRun(data: RunData): void {
  testOf.set(data, 'over');
}

export function isHandedOver(data: RunData): boolean {
  return testOf.get(data) === 'over';
}
