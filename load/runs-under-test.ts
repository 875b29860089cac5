/**
 * The runs of the test at hand. Their session tells of whatever is amiss when the test ends, so an assertion about one
 * need not end the test.
 */
import type { RunData } from './measure/run-data.ts';

const underTest = new WeakSet<RunData>();

export function putUnderTest(data: RunData): void {
  underTest.add(data);
}

export function isUnderTest(data: RunData): boolean {
  return underTest.has(data);
}

/** Their test is over: nobody would tell of them any more. */
export function releaseRun(data: RunData): void {
  underTest.delete(data);
}
