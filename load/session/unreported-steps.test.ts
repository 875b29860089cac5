import { expect, type TestInfo } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { inScenario, type ScenarioLife } from '../run/scenario-zone.ts';
import { burdenOf, leaveStepsUnreported } from './unreported-steps.ts';

/** Steps of a test, as Playwright is known to make them. */
function knownTest() {
  const told: string[] = [];
  const around = { stepId: 'the load', info: new Date() };
  class Known {
    _addStep({ title }: { readonly title: string }, parent: { readonly stepId: string } = around) {
      told.push(`${title} in ${parent.stepId}`);
      return { stepId: title };
    }
    _parentStep = () => around;
  }
  const info = new Known();
  return { told, info, testInfo: info as unknown as TestInfo };
}

function listener() {
  const heard: string[] = [];
  const life: ScenarioLife = {
    beginPart: (name) => {
      heard.push(`begins ${name}`);
      return () => heard.push(`ends ${name}`);
    },
    failSoftly: (message) => heard.push(`fails: ${message}`),
  };
  return { heard, life };
}

const stepOf = (category: string, title: string) => ({ category, title });

test('this version of Playwright makes its steps in the way that is known here', () => {
  const report = leaveStepsUnreported(test.info());
  expect(report).toBeDefined();
  report?.end();
  expect(Object.hasOwn(test.info(), '_addStep')).toBe(false);
});

for (const [words, testInfo] of [
  ['other names', { addStep: () => undefined }],
  ['half of the names', { _addStep: () => undefined }],
] as const)
  test(`a Playwright with ${words} is left as it is`, () => {
    expect(leaveStepsUnreported(testInfo as unknown as TestInfo)).toBeUndefined();
    expect(Object.keys(testInfo)).toHaveLength(1);
  });

test('assertions and steps of a scenario are told to its iteration, all others to Playwright', () => {
  const { told, info, testInfo } = knownTest();
  const { heard, life } = listener();
  const report = leaveStepsUnreported(testInfo);
  info._addStep(stepOf('expect', 'outside'));
  inScenario(
    life,
    () => {
      const step = info._addStep(stepOf('test.step', 'buy'));
      info._addStep(stepOf('test.attach', 'picture'), step);
      const soft = info._addStep(stepOf('expect', 'toBe'), step) as unknown as { complete: (result: object) => void };
      const softError = new Error('1 is not 2');
      soft.complete({ error: softError, softError });
      (info._addStep(stepOf('expect', 'toBe')) as unknown as typeof soft).complete({ pass: true });
      (step as unknown as typeof soft).complete({});
    },
    undefined,
  );
  report?.end();
  inScenario(life, () => info._addStep(stepOf('expect', 'after the load')), undefined);
  expect(report?.assertions).toBe(1); // the one that holds
  expect(heard).toEqual(['begins buy', 'fails: 1 is not 2', 'ends buy']);
  expect(told).toEqual(['outside in the load', 'picture in the load', 'after the load in the load']);
});

test('of two loads beside each other, the last one to end reports steps again', () => {
  const { told, info, testInfo } = knownTest();
  const [first, second] = [leaveStepsUnreported(testInfo), leaveStepsUnreported(testInfo)];
  const inside = (title: string) =>
    inScenario(listener().life, () => info._addStep(stepOf('expect', title)), undefined);
  first?.end();
  first?.end();
  inside('one is left');
  second?.end();
  inside('none is left');
  expect(told).toEqual(['none is left in the load']);
});

test('the assertions of Playwright itself are named where they are many', () => {
  const steps = (assertions: number) => ({ assertions, end: () => undefined });
  expect(burdenOf(undefined)).toBeUndefined();
  expect(burdenOf(steps(999))).toBeUndefined();
  expect(burdenOf(steps(12_345))).toContain("Playwright's own `expect` was asked 12,345 times");
});
