import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { describeScope, type Scope, type TimeWindow } from './threshold.ts';

const late: TimeWindow = { kind: 'between', fromMs: 5_000, toMs: undefined, text: 'from 5s' };
const scopes: readonly { readonly scope: Scope; readonly window?: TimeWindow; readonly text: string }[] = [
  { scope: { kind: 'run' }, text: 'run' },
  { scope: { kind: 'run' }, window: late, text: 'run, from 5s' },
  { scope: { kind: 'endpoint', name: 'GET /a' }, text: 'GET /a' },
  { scope: { kind: 'endpoint', name: 'GET /a' }, window: late, text: 'GET /a, from 5s' },
  { scope: { kind: 'check', name: 'accepted' }, text: 'check "accepted"' },
  { scope: { kind: 'metric', name: 'cart' }, window: late, text: 'metric "cart", from 5s' },
];
for (const { text, ...given } of scopes)
  test(`a threshold of ${text} says so`, () => expect(describeScope(given)).toBe(text));
