import { expect } from '@playwright/test';
import type { Environment } from '../../load/measure/summary.ts';
import { test } from '../../testing/plain-test.ts';
import { webAddress } from '../../load/measure/web-address.ts';
import { originOf } from './surroundings.ts';

const addresses: readonly { readonly given: string; readonly shown: string | undefined }[] = [
  { given: 'https://example.com/run/1?a=b#c', shown: 'https://example.com/run/1?a=b#c' },
  { given: 'https://user:secret@example.com/', shown: 'https://example.com/' },
  { given: 'https://example.com/?token=abcdefghijklmnop', shown: 'https://example.com/?token=***' },
  { given: 'https://example.com/?`a`|(b)<c>', shown: 'https://example.com/?%60a%60%7C%28b%29%3Cc%3E' },
  { given: 'javascript:alert(1)', shown: undefined },
  { given: 'data:text/html,a', shown: undefined },
  { given: '//example.com', shown: undefined },
  { given: `https://example.com/${'a'.repeat(2_000)}`, shown: undefined }, // longer than a chat takes
];
for (const { given, shown } of addresses)
  test(`the address ${given.slice(0, 60)} is ${shown === undefined ? 'no link' : shown}`, () => {
    expect(webAddress(given)).toBe(shown);
  });

test('of which nothing can be seen is no part of the origin', () => {
  const unseen = '\u001b[31m';
  const environment = { branch: unseen, subject: unseen, ci: { name: unseen, url: 'javascript:alert(1)' } };
  expect(originOf(environment as unknown as Environment)).toEqual([]);
});
