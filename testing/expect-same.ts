/** One `expect` is a step with a stack, and a property has hundreds of them: this is one only where it fails. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from '@playwright/test';

export function expectSame(got: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(got, expected)) expect(got).toEqual(expected);
}
