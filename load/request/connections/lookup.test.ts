import { expect, test } from '@playwright/test';
import { sharedLookup } from './lookup.ts';

test('those who ask while a lookup is under way share its answer; the next asks anew', () => {
  const asked: ((address: string) => void)[] = [];
  const lookup = sharedLookup(
    (_hostname, _options, callback) => void asked.push((address) => callback(null, address, 4)),
  );
  const answers: unknown[] = [];
  const ask = (host: string, family: number): void =>
    lookup(host, { family }, (_error, address) => void answers.push(address));
  ask('a.test', 4);
  ask('a.test', 4);
  ask('a.test', 6); // another question
  ask('b.test', 4);
  expect(asked).toHaveLength(3);
  asked.forEach((answer, n) => answer(`10.0.0.${n}`));
  expect(answers).toEqual(['10.0.0.0', '10.0.0.0', '10.0.0.1', '10.0.0.2']);
  ask('a.test', 4);
  expect(asked).toHaveLength(4);
});

test('a failure is shared too', () => {
  const failures: unknown[] = [];
  let fail: (error: Error) => void = () => undefined;
  const lookup = sharedLookup((_hostname, _options, callback) => void (fail = (error) => callback(error, [])));
  lookup('a.test', {}, (error) => void failures.push(error?.message));
  lookup('a.test', {}, (error) => void failures.push(error?.message));
  fail(new Error('getaddrinfo ENOTFOUND a.test'));
  expect(failures).toEqual(['getaddrinfo ENOTFOUND a.test', 'getaddrinfo ENOTFOUND a.test']);
});
