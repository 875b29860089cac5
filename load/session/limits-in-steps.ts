/**
 * Playwright makes a step of every `toMeet`, and shows its argument as `Object`. Here the step gets its limits as
 * subtitle and as parameter. There is no public way to say so: the private `TestInfo._addStep` is looked at before it is
 * used, and where a Playwright has another, the step stays as it would be.
 */
import type { TestInfo } from '@playwright/test';
import { areLimits, limitWords } from '../verdict/limit-words.ts';

interface StepData {
  readonly category?: unknown;
  readonly title?: unknown;
  readonly subtitle?: unknown;
  readonly params?: Readonly<Record<string, unknown>>;
}

interface StepMaker {
  _addStep: (data: StepData, ...rest: readonly unknown[]) => unknown;
}

const withLimits = new WeakSet<object>();

/** From now on, for the rest of the test. */
export function showLimitsInSteps(testInfo: TestInfo): void {
  if (!isStepMaker(testInfo) || withLimits.has(testInfo)) return;
  withLimits.add(testInfo);
  const add = testInfo._addStep.bind(testInfo);
  testInfo._addStep = (data, ...rest) => add(data.category === 'expect' ? told(data) : data, ...rest);
}

function isStepMaker(testInfo: object): testInfo is StepMaker {
  return typeof (testInfo as Partial<StepMaker>)._addStep === 'function';
}

/** The title of an assertion is its author's message, where there is one: then its argument tells whether it is ours. */
function told(data: StepData): StepData {
  const limits = data.params?.['expected'];
  const isOurs = /\btoMeet"$/.test(String(data.title)) || areLimits(limits);
  const words = isOurs ? limitWords(limits) : undefined;
  return words === undefined ? data : { ...data, subtitle: words, params: { ...data.params, expected: words } };
}
