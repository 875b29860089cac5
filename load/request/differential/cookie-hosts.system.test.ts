/** Which cookie goes where: attributes by hosts, schemes and paths, each set by one address and looked for at all. */
import type { APIRequestContext } from '@playwright/test';
import { differ } from '../../../testing/differential/differ.ts';
import type { Script } from '../../../testing/differential/compare.ts';

const hosts = [
  'http://shop.test',
  'https://shop.test',
  'http://www.shop.test',
  'http://localhost',
  'http://a.localhost',
  'http://127.0.0.1',
  'http://127.9.9.9',
  'http://[::1]',
  'https://[::1]',
  'http://10.0.0.1',
];

const setters = ['http://www.shop.test', 'https://shop.test', 'http://localhost', 'http://[::1]', 'http://10.0.0.1'];

const attributes = [
  '',
  '; Secure',
  '; Secure; HttpOnly; SameSite=None',
  '; Domain=shop.test',
  '; Domain=.shop.test',
  '; Domain=SHOP.test',
  '; Domain=test',
  '; Domain=www.shop.test',
  '; Domain=shop.test.',
  '; Domain=localhost',
  '; Domain=.localhost',
  '; Domain=::1',
  '; Domain=[::1]',
  '; Domain=10.0.0.1',
  '; Domain=a.test; Domain=shop.test',
  '; Path=/',
  '; Path=/one; Path=/two',
];

/** What the server is asked is compared; its answers are of no interest. */
async function askEverywhere(request: APIRequestContext, paths: readonly string[]): Promise<void> {
  for (const host of hosts) for (const path of paths) await request.get(`${host}${path}`);
}

const byHost: Script[] = attributes.map((attribute) => ({
  title: `a=1${attribute} from and to every host`,
  anyHost: true,
  run: async (request) => {
    const cookies: unknown[] = [];
    for (const host of setters) {
      await request.clearCookies();
      await request.get(`${host}/two/set-cookie?c=${encodeURIComponent(`a=1${attribute}`)}`);
      await askEverywhere(request, ['/two/x']);
      cookies.push(await request.cookies(), await request.cookies(`${host}/two/`));
    }
    return cookies;
  },
}));

const paths = [
  '/my%20app',
  '/my app',
  '/my%2520app',
  '/%C3%BC',
  '/ü',
  '/a%2Fb',
  '/a/b',
  '/A',
  '/a',
  '/a/',
  '/a;b',
  '/a/../b',
  '/a?b',
  '/%zz',
  '/a"b',
];

const byPath: Script[] = paths.map((path) => ({
  title: `a cookie for the path ${path}`,
  run: async (request) => {
    await request.get(`/set-cookie?c=${encodeURIComponent(`a=1; Path=${path}`)}`);
    for (const asked of paths) await request.get(`${asked}/below`);
    for (const asked of ['/a', '/a/', '/a%2Fb', '/a;b']) await request.get(asked);
    return request.cookies();
  },
}));

const byDefaultPath: Script[] = paths.map((path) => ({
  title: `a cookie from the path ${path}/set-cookie without one`,
  run: async (request) => {
    await request.get(`${path}/set-cookie?c=a%3D1`);
    for (const asked of paths) await request.get(`${asked}/below`);
    return request.cookies();
  },
}));

/** How servers end a session, or mean to keep it. */
const dates = [
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'Thu, 01-Jan-1970 00:00:00 GMT',
  'Thu, 01-Jan-70 00:00:00 GMT',
  'Thursday, 01-Jan-70 00:00:01 GMT',
  'Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)',
  'Thu Jan  1 00:00:00 1970',
  'Mon, 01 Jan 1600 00:00:00 GMT',
  'Mon, 01 Jan 0001 00:00:00 GMT',
  'Fri, 31 Dec 1999 23:59:59 GMT',
  '1970-01-01T00:00:00Z',
  '1970-01-01T00:00:00.000Z',
  '1970-01-01',
  '1970-01-01 00:00:00',
  '2070-01-01T00:00:00Z',
  '2070-01-01',
  '0',
  '-1',
  '1',
  '123456789',
  '4000000000',
  '4000000000000',
  'now',
  'Session',
  '',
  'Wed, 01 Jan 2070 00:00:00 GMT',
  'Wed, 01-Jan-70 00:00:00 GMT',
  'Wednesday, 01-Jan-48 00:00:00 GMT',
  'Wed Jan  1 00:00:00 2070',
  'Wed, 01 Jan 2070 00:00:00 UTC',
  'Wed, 01 Jan 2070 00:00:00 +0100',
  'Wed, 01 Jan 2070 00:00:00 PST',
  'Wed, 1 Jan 2070 0:00:00 GMT',
  'Wed, 01 Jan 2070 24:00:00 GMT',
  'Wed, 32 Jan 2070 00:00:00 GMT',
  'Wed, 01 Foo 2070 00:00:00 GMT',
  '01 Jan 2070',
  'Jan 2070',
  'Fri, 31 Dec 9999 23:59:59 GMT',
  'Sat, 01 Jan 20000 00:00:00 GMT',
  '"Thu, 01 Jan 1970 00:00:00 GMT"',
];

const ages = ['0', '-1', '1', '+1000', '00', ' 0', '"0"', '1.5', '0x10', '9999999999999999999999', '-0', ''];

const byEnd: Script[] = [...dates.map((date) => `Expires=${date}`), ...ages.map((age) => `Max-Age=${age}`)].map(
  (end) => ({
    title: `a cookie set anew with ${end}`,
    run: async (request) => {
      await request.get('/set-cookie?c=a%3D1%3B%20Path%3D/&c=b%3D1');
      await request.get(`/set-cookie?c=${encodeURIComponent(`a=2; Path=/; ${end}`)}`);
      await request.get('/echo');
      // A maximum age counts from now, and the two sides run a moment apart.
      return (await request.cookies()).map((cookie) => ({ ...cookie, expires: Math.round(cookie.expires / 60) }));
    },
  }),
);

type State = Awaited<ReturnType<APIRequestContext['storageState']>>;

/** What one context stores, given back by `addCookies`: the state of a login that a second context takes up. */
const kept: Script[] = [
  ...hosts.map((host): Script => ({
    title: `cookies of ${host} given back to the context`,
    anyHost: true,
    run: async (request) => {
      await request.get(`${host}/my%20app/set-cookie?c=a%3D1&c=b%3D2%3B%20Secure&c=c%3D3%3B%20Path%3D/`);
      const { cookies } = await request.storageState();
      await request.clearCookies();
      await request.addCookies(cookies);
      await request.get(`${host}/my%20app/x`);
      return { cookies, again: await request.storageState() };
    },
  })),
  ...['[::1]', '127.0.0.1', 'shop.test', '.shop.test', 'localhost', '.localhost', 'SHOP.test', '10.0.0.1'].map(
    (domain): Script => ({
      title: `a state with a cookie of ${domain}`,
      anyHost: true,
      context: { storageState: stateWith({ domain, partitionKey: 'https://shop.test' }) },
      run: async (request) => {
        await askEverywhere(request, ['/', '/x/']);
        return request.storageState();
      },
    }),
  ),
  ...hosts.map((host): Script => ({
    title: `a cookie added for the URL ${host}/my%20app/x`,
    anyHost: true,
    run: async (request) => {
      await request.addCookies([
        { name: 'a', value: '1', url: `${host}/my%20app/x`, partitionKey: 'https://top.test' },
      ]);
      await askEverywhere(request, ['/my%20app/y', '/my app/y', '/x']);
      return request.storageState();
    },
  })),
];

function stateWith(own: { domain: string; partitionKey: string }): State {
  const common = { expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' as const };
  return {
    cookies: [
      { name: 'a', value: '1', path: '/', ...common, ...own },
      { name: 'b', value: '2', path: '/', ...common, ...own, secure: true },
    ],
    origins: [],
  };
}

differ([...byHost, ...byPath, ...byDefaultPath, ...byEnd, ...kept]);
