import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { CookieJar } from './cookie-jar.ts';
import { targetOf, type Target } from './target.ts';

const at = (url: string): Target => targetOf(new URL(url));

test('an empty jar sends nothing', () => {
  expect(new CookieJar().headerFor(at('http://a.test/'))).toBeUndefined();
});

test('a header worked out once is worked out anew when the jar changes', () => {
  const jar = new CookieJar();
  const target = at('http://a.test/x');
  jar.store('a=1', target);
  expect([jar.headerFor(target), jar.headerFor(target)]).toEqual(['a=1', 'a=1']);
  jar.store('b=2; Path=/', target);
  expect(jar.headerFor(target)).toBe('a=1; b=2');
  jar.clear({ name: 'a' });
  expect(jar.headerFor(target)).toBe('b=2');
  jar.clear({});
  expect(jar.headerFor(target)).toBeUndefined();
});

test('what a jar lists is the reader’s own', () => {
  const jar = new CookieJar();
  jar.store('a=1', at('http://a.test/'));
  for (const cookie of jar.list([])) cookie.value = '2';
  expect(jar.headerFor(at('http://a.test/'))).toBe('a=1');
});

for (const { cookie, from, to, sent } of [
  { cookie: 'a=1', from: 'http://a.test/p/q', to: 'http://a.test/p/z', sent: true },
  { cookie: 'a=1', from: 'http://a.test/p/q', to: 'http://a.test/', sent: false }, // the default path is /p
  { cookie: 'a=1', from: 'http://a.test/my%20app/', to: 'http://a.test/my%20app/x', sent: true },
  { cookie: 'a=1; Path=/my%20app', from: 'http://a.test/', to: 'http://a.test/my app/x', sent: true },
  { cookie: 'a=1; Path=/my app', from: 'http://a.test/', to: 'http://a.test/my app/x', sent: false }, // as written
  { cookie: 'a=1; Domain=a.test', from: 'http://x.a.test/', to: 'http://y.a.test/', sent: true },
  { cookie: 'a=1; Domain=b.test', from: 'http://a.test/', to: 'http://b.test/', sent: false }, // another's domain
  { cookie: 'a=1; Domain=10.0.0.1', from: 'http://10.0.0.1/', to: 'http://10.0.0.1/', sent: true },
  { cookie: 'a=1; Domain=0.0.1', from: 'http://10.0.0.1/', to: 'http://10.0.0.1/', sent: false }, // an address is whole
  { cookie: 'a=1', from: 'http://[::1]/', to: 'http://[::1]/', sent: true },
  { cookie: 'a=1; Secure', from: 'https://a.test/', to: 'http://a.test/', sent: false },
  { cookie: 'a=1; Secure', from: 'http://a.test/', to: 'https://a.test/', sent: true }, // set by a redirect to https
  { cookie: 'a=1; Secure', from: 'http://localhost/', to: 'http://localhost/', sent: true }, // trustworthy
]) {
  test(`${cookie} from ${from} is ${sent ? '' : 'not '}sent to ${to}`, () => {
    const jar = new CookieJar();
    jar.store(cookie, at(from));
    expect(jar.headerFor(at(to))).toBe(sent ? 'a=1' : undefined);
  });
}

for (const { end, ends } of [
  { end: 'Max-Age=0', ends: true },
  { end: 'Max-Age=-1', ends: true },
  { end: 'Expires=Thu, 01 Jan 1970 00:00:00 GMT', ends: true },
  { end: 'Expires=Mon, 01 Jan 1600 00:00:00 GMT', ends: true },
  { end: 'Expires=1970-01-01T00:00:00Z', ends: true },
  { end: 'Expires=0', ends: true },
  { end: 'Expires=-1', ends: true },
  { end: 'Expires=Session', ends: false }, // no date
  { end: 'Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60', ends: false }, // the age wins
  { end: 'Max-Age=60', ends: false },
]) {
  test(`a cookie set anew with ${end} is ${ends ? 'gone' : 'kept'}`, () => {
    const jar = new CookieJar();
    const target = at('http://a.test/');
    jar.store('a=1', target);
    jar.store(`a=2; ${end}`, target);
    expect([jar.headerFor(target), jar.list([]).length]).toEqual(ends ? [undefined, 0] : ['a=2', 1]);
  });
}

test('cookies come out as they can be given back', () => {
  const jar = new CookieJar();
  const login = {
    name: 'a',
    value: '1',
    path: '/',
    expires: -1,
    httpOnly: true,
    secure: true,
    sameSite: 'None' as const,
  };
  const cookies = [
    { ...login, domain: '[::1]' },
    { ...login, domain: '.shop.test', partitionKey: 'https://shop.test' },
  ];
  jar.add(cookies);
  expect(jar.list([])).toEqual(cookies);
});
