/**
 * Matchers whose answer is plain at a glance, by Playwright's names. Each says whether it holds, or undefined where
 * Playwright's own has to be asked: for whatever is unusual, and for the words of a failure.
 */
import { surely } from './plain-values.ts';

/** Whether the matcher holds, beyond doubt; undefined: Playwright knows. */
export type Decide = (actual: unknown, expected: unknown) => boolean | undefined;

/** Those that take nothing; handed something, they refuse it. */
export const decidedAlone: Readonly<Record<string, Decide>> = {
  toBeDefined: (actual) => actual !== undefined,
  toBeUndefined: (actual) => actual === undefined,
  toBeNull: (actual) => actual === null,
  toBeNaN: (actual) => Number.isNaN(actual),
  toBeTruthy: (actual) => Boolean(actual),
  toBeFalsy: (actual) => !actual,
};

/** Those that take what is expected, and are handed nothing else. */
export const decided: Readonly<Record<string, Decide>> = {
  toBe: (actual, expected) => Object.is(actual, expected),
  toEqual: (actual, expected) => known(surely('same', actual, expected)),
  toStrictEqual: (actual, expected) => known(surely('same', actual, expected)),
  toMatchObject: (actual, expected) =>
    known(isObject(actual) && isObject(expected) && surely('included', actual, expected)),
  toBeGreaterThan: (actual, expected) => (areNumbers(actual, expected) ? Number(actual) > Number(expected) : undefined),
  toBeGreaterThanOrEqual: (actual, expected) =>
    areNumbers(actual, expected) ? Number(actual) >= Number(expected) : undefined,
  toBeLessThan: (actual, expected) => (areNumbers(actual, expected) ? Number(actual) < Number(expected) : undefined),
  toBeLessThanOrEqual: (actual, expected) =>
    areNumbers(actual, expected) ? Number(actual) <= Number(expected) : undefined,
  toContain: (actual, expected) => {
    if (typeof actual === 'string') return typeof expected === 'string' ? actual.includes(expected) : undefined;
    // As Playwright sees it: NaN is in no list, and a hole in one is undefined.
    return Array.isArray(actual) ? !Number.isNaN(expected) && actual.includes(expected) : undefined;
  },
  toContainEqual: (actual, expected) =>
    known(Array.isArray(actual) && actual.some((each) => surely('same', each, expected))),
  toHaveLength: (actual, expected) =>
    (typeof actual === 'string' || Array.isArray(actual)) && isCount(expected) ? actual.length === expected : undefined,
  toMatch: (actual, expected) => {
    if (typeof actual !== 'string') return undefined;
    if (typeof expected === 'string') return actual.includes(expected);
    const isOfOneUse = expected instanceof RegExp && !expected.global && !expected.sticky;
    return isOfOneUse ? expected.test(actual) : undefined;
  },
  toHaveProperty: (actual, expected) =>
    known(
      isObject(actual) &&
        typeof expected === 'string' &&
        /^[A-Za-z_]\w*$/.test(expected) &&
        Object.hasOwn(actual, expected) &&
        (actual as Readonly<Record<string, unknown>>)[expected] !== undefined,
    ),
};

/** What is not surely so is for Playwright to say. */
function known(isSurely: boolean): true | undefined {
  return isSurely ? true : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function areNumbers(actual: unknown, expected: unknown): boolean {
  return typeof actual === 'number' && typeof expected === 'number';
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
