/**
 * Playwright makes a step of every assertion, and shows an argument that is an object as `Object`. Here the step of one
 * assertion gets words for it, as subtitle and as parameter. There is no public way to say so: the private
 * `TestInfo._addStep` is looked at before it is used, and where a Playwright has another, the step stays as it would be.
 */
import type { TestInfo } from '@playwright/test';

interface StepData {
  readonly category?: unknown;
  readonly params?: Readonly<Record<string, unknown>>;
}

interface StepMaker {
  _addStep: (data: StepData, ...rest: readonly unknown[]) => unknown;
}

/** Of the assertion that is called next, and at once: what comes later is another's. */
export function describeNextAssertion(testInfo: TestInfo, inWords: (expected: unknown) => string | undefined): void {
  if (!isStepMaker(testInfo)) return;
  const before = Object.getOwnPropertyDescriptor(testInfo, '_addStep');
  const add = testInfo._addStep.bind(testInfo);
  let isOver = false;
  const once: StepMaker['_addStep'] = (data, ...rest) => {
    if (testInfo._addStep === once) restore(testInfo, before);
    const words = !isOver && data.category === 'expect' ? inWords(data.params?.['expected']) : undefined;
    if (words === undefined) return add(data, ...rest);
    return add({ ...data, subtitle: words, params: { ...data.params, expected: words } } as StepData, ...rest);
  };
  testInfo._addStep = once;
  queueMicrotask(() => {
    isOver = true;
    if (testInfo._addStep === once) restore(testInfo, before);
  });
}

function restore(testInfo: object, before: PropertyDescriptor | undefined): void {
  if (before === undefined) Reflect.deleteProperty(testInfo, '_addStep');
  else Object.defineProperty(testInfo, '_addStep', before);
}

function isStepMaker(testInfo: object): testInfo is StepMaker {
  return typeof (testInfo as Partial<StepMaker>)._addStep === 'function';
}
