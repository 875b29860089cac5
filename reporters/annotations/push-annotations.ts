/** Annotations of a test that has ended: Playwright's reports read those of the test, or those of its result. */
import type { TestCase, TestResult } from '@playwright/test/reporter';
import type { Headline } from './headlines.ts';

export function pushAnnotations(
  { test, result }: { readonly test: TestCase; readonly result: TestResult },
  lines: readonly Headline[],
): void {
  test.annotations.push(...lines);
  if (result.annotations !== test.annotations) result.annotations.push(...lines); // after a merge they are one array
}
