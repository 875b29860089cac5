import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { inScenario } from '../run/scenario-zone.ts';
import { leaveStacksUnread } from './unread-stacks.ts';

const nobody = { beginPart: () => () => undefined, failSoftly: () => undefined };
// As in Playwright.
const captureRawStack = () => new Error('mine').stack ?? '';
const callMatcherAsStep = () => captureRawStack();
const other = () => captureRawStack();

const cases = [
  { words: 'of a step that is not made', call: () => inScenario(nobody, callMatcherAsStep, undefined), isRead: false },
  { words: 'of anything else in a scenario', call: () => inScenario(nobody, other, undefined), isRead: true },
  { words: 'of a step outside', call: callMatcherAsStep, isRead: true },
] as const;
for (const { words, call, isRead } of cases)
  test(`the stack ${words} is ${isRead ? 'as ever' : 'empty'} while a load runs, and as ever after it`, () => {
    const before = Reflect.get(Error, 'prepareStackTrace') as unknown;
    const end = leaveStacksUnread();
    expect(call().includes('unread-stacks.test.ts')).toBe(isRead);
    end();
    end();
    expect(call()).toContain('unread-stacks.test.ts');
    expect(Reflect.get(Error, 'prepareStackTrace')).toBe(before);
  });
