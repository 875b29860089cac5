import { expect, test } from '@playwright/test';
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

test('sending a cookie does not prolong its Max-Age', async () => {
  const jar = new CookieJar();
  const target = at('http://a.test/');
  jar.store('a=1; Max-Age=100', target);
  const [before] = jar.list([]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  jar.headerFor(at('http://a.test/other'));
  expect(jar.list([])[0]?.expires).toBe(before?.expires);
});

for (const { cookie, from, to, sent } of [
  { cookie: 'a=1', from: 'http://a.test/p/q', to: 'http://a.test/p/z', sent: true },
  { cookie: 'a=1', from: 'http://a.test/p/q', to: 'http://a.test/', sent: false }, // the default path is /p
  { cookie: 'a=1; Domain=a.test', from: 'http://x.a.test/', to: 'http://y.a.test/', sent: true },
  { cookie: 'a=1; Domain=b.test', from: 'http://a.test/', to: 'http://b.test/', sent: false }, // another's domain
  { cookie: 'a=1; Secure', from: 'https://a.test/', to: 'http://a.test/', sent: false },
  { cookie: 'a=1; Secure', from: 'http://localhost/', to: 'http://localhost/', sent: true }, // trustworthy
]) {
  test(`${cookie} from ${from} is ${sent ? '' : 'not '}sent to ${to}`, () => {
    const jar = new CookieJar();
    jar.store(cookie, at(from));
    expect(jar.headerFor(at(to))).toBe(sent ? 'a=1' : undefined);
  });
}
