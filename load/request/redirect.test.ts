import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { nextHop } from './redirect.ts';
import { targetOf } from './target.ts';

const from = (method: string) => ({
  method,
  target: targetOf(new URL('http://a.test/here')),
  asked: ['Authorization', 'Bearer x', 'Cookie', 'a=1', 'Content-Type', 'text/plain', 'X-A', '1'],
  body: Buffer.from('text'),
});

for (const { status, method, then } of [
  { status: 301, method: 'POST', then: 'GET' },
  { status: 302, method: 'POST', then: 'GET' },
  { status: 301, method: 'PUT', then: 'PUT' },
  { status: 303, method: 'PUT', then: 'GET' },
  { status: 303, method: 'HEAD', then: 'HEAD' },
  { status: 307, method: 'POST', then: 'POST' },
  { status: 308, method: 'DELETE', then: 'DELETE' },
]) {
  test(`${method} redirected by ${status} becomes ${then}`, () => {
    const hop = nextHop(status, '/there', from(method));
    expect(hop?.method).toBe(then);
    expect(hop?.target.href).toBe('http://a.test/there');
    expect(hop?.body?.toString()).toBe(then === method ? 'text' : undefined);
    expect(hop?.asked).toEqual(
      then === method
        ? ['Authorization', 'Bearer x', 'Content-Type', 'text/plain', 'X-A', '1']
        : ['Authorization', 'Bearer x', 'X-A', '1'],
    );
  });
}

test('another origin gets no authorization', () => {
  expect(nextHop(307, 'http://b.test/', from('GET'))?.asked).toEqual(['Content-Type', 'text/plain', 'X-A', '1']);
});

test('no place is no redirect', () => {
  expect(nextHop(302, undefined, from('GET'))).toBeUndefined();
  expect(nextHop(302, '', from('GET'))).toBeUndefined();
});
