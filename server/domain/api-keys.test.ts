import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { makeApiKey, readApiKeys, recognise } from './api-keys.ts';

test('a key that was made is recognised by its text, with its scopes', () => {
  const made = [makeApiKey('ci', ['read', 'operate']), makeApiKey('boss', ['approve'])];
  const keys = readApiKeys(made.map(({ entry }) => entry));
  expect(made.map(({ text }) => recognise(keys, text)?.name)).toEqual(['ci', 'boss']);
  expect([...(recognise(keys, made[0]?.text ?? '')?.scopes ?? [])]).toEqual(['read', 'operate']);
  expect(recognise(keys, 'pl_something-else')).toBeUndefined();
});

test('the entry does not hold the text', () => {
  const { text, entry } = makeApiKey('ci', ['read']);
  expect(entry).not.toContain(text);
});

const hash = 'a'.repeat(64);
for (const entry of [
  '',
  'ci',
  `ci:read`,
  `ci:write:${hash}`,
  `ci:read:${hash.slice(1)}`,
  `c i:read:${hash}`,
  `anonymous:read:${hash}`,
]) {
  test(`\`${entry}\` is no entry`, () => {
    expect(() => readApiKeys([entry])).toThrow(TypeError);
  });
}

test('one key under two names is refused', () => {
  expect(() => readApiKeys([`a:read:${hash}`, `b:approve:${hash}`])).toThrow('a text of its own');
});

test('two keys of one name are refused', () => {
  expect(() => readApiKeys([`a:read:${hash}`, `a:approve:${hash}`])).toThrow('different names');
});
