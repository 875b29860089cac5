/** Annotations of a test that has ended: Playwright's reports read those of the test, or those of its result. */
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { isHeadline } from '../../load/verdict/headline.ts';
import type { Headline } from './headlines.ts';

export function pushAnnotations({ test, result }: Annotated, lines: readonly Headline[]): void {
  for (const line of lines) pushed.add(line);
  test.annotations.push(...lines);
  if (result.annotations !== test.annotations) result.annotations.push(...lines); // after a merge they are one array
}

const pushed = new WeakSet<object>();

export interface Annotated {
  readonly test: TestCase;
  readonly result: TestResult;
}

/** The one of that type that the worker has written: only a later judge knows all. */
export function dropShown(
  { test, result }: Annotated,
  type: string,
  isShown: (description: string) => boolean = isHeadline,
): void {
  for (const annotations of new Set([test.annotations, result.annotations])) {
    const at = annotations.findIndex(
      (each) => each.type === type && !pushed.has(each) && isShown(each.description ?? ''),
    );
    if (at !== -1) annotations.splice(at, 1);
  }
}
