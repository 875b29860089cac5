import { differ } from '../../../testing/differential/differ.ts';
import type { Script } from '../../../testing/differential/compare.ts';

/** Each is set by the server and then looked for where it should, and should not, be sent. */
const attributes = [
  'a=1',
  'a=1; Path=/',
  'a=1; Path=/echo',
  'a=1; Path=/echo/',
  'a=1; Path=/ech',
  'a=1; Path=nonsense',
  'a=1; Path=',
  'a=1; Domain=127.0.0.1',
  'a=1; Domain=example.test',
  'a=1; Domain=',
  'a=1; Domain=.0.0.1',
  'a=1; Max-Age=1000',
  'a=1; Max-Age=0',
  'a=1; Max-Age=-5',
  'a=1; Max-Age=nonsense',
  'a=1; Max-Age=1e3',
  'a=1; Max-Age=99999999999999',
  'a=1; Expires=Wed, 01 Jan 2070 00:00:00 GMT',
  'a=1; Expires=Wed, 01 Jan 1970 00:00:00 GMT',
  'a=1; Expires=Wed, 01-Jan-2070 00:00:00 GMT',
  'a=1; Expires=nonsense',
  'a=1; Expires=Wed, 01 Jan 2070 00:00:00 GMT; Max-Age=0',
  'a=1; Secure',
  'a=1; HttpOnly',
  'a=1; SameSite=Strict',
  'a=1; SameSite=Lax',
  'a=1; SameSite=None',
  'a=1; SameSite=None; Secure',
  'a=1; SameSite=nonsense',
  'a=1; Unknown=attribute',
  'a=1; PATH=/; SECURE; httponly; samesite=STRICT',
  'a=1;;;Path=/',
  'a = 1 ; Path = /',
  'a=',
  '=1',
  'a',
  '',
  ';Path=/',
  'a=b=c',
  'a="quoted value"',
  'a=with,comma',
  'a=with space',
  '__Host-a=1; Path=/; Secure',
  '__Host-a=1',
  '__Secure-a=1',
  'a=1; Priority=High; Partitioned',
];

const single: Script[] = attributes.map((cookie) => ({
  title: `set-cookie: ${cookie === '' ? '(empty)' : cookie}`,
  run: async (request, look) => {
    await look(request.get(`/set-cookie?c=${encodeURIComponent(cookie)}`));
    await look(request.get('/echo'));
    await look(request.get('/echo/below'));
    await look(request.get('/echoes'));
    return { cookies: rounded(await request.cookies()) };
  },
}));

/** A maximum age counts from now, and the two sides run a moment apart. */
function rounded<C extends { expires: number }>(cookies: readonly C[]): C[] {
  return cookies.map((cookie) => ({ ...cookie, expires: Math.round(cookie.expires / 60) }));
}

const several: Script[] = [
  {
    title: 'three cookies at once',
    run: async (request, look) => {
      await look(request.get('/set-cookie?c=a%3D1&c=b%3D2&c=c%3D3'));
      await look(request.get('/echo'));
    },
  },
  {
    title: 'a cookie replaced, one deleted',
    run: async (request, look) => {
      await look(request.get('/set-cookie?c=a%3D1&c=b%3D2'));
      await look(request.get('/set-cookie?c=a%3D9&c=b%3D%3B%20Max-Age%3D0'));
      await look(request.get('/echo'));
      return request.cookies();
    },
  },
  {
    title: 'cookies of longer paths and shorter paths',
    run: async (request, look) => {
      await look(request.get('/set-cookie?c=a%3Dshort%3B%20Path%3D%2F&c=a%3Dlong%3B%20Path%3D%2Fecho'));
      await look(request.get('/echo/x'));
    },
  },
  {
    title: 'the default path of a cookie set below',
    run: async (request, look) => {
      await look(request.get('/set-cookie/../set-cookie?c=a%3D1'));
      await look(request.get('/echo'));
      return request.cookies();
    },
  },
  {
    title: "a call's own cookie header wins over the jar",
    run: async (request, look) => {
      await look(request.get('/set-cookie?c=a%3D1'));
      await look(request.get('/echo', { headers: { cookie: 'own=1' } }));
      await look(request.get('/echo', { headers: { Cookie: 'own=2' } }));
    },
  },
  {
    title: 'cookies from storageState are sent, and come out again',
    context: {
      storageState: {
        cookies: [
          {
            name: 's',
            value: '1',
            domain: '127.0.0.1',
            path: '/',
            expires: -1,
            httpOnly: true,
            secure: false,
            sameSite: 'Strict',
          },
          {
            name: 'e',
            value: '2',
            domain: '127.0.0.1',
            path: '/',
            expires: 4_000_000_000,
            httpOnly: false,
            secure: true,
            sameSite: 'None',
          },
          {
            name: 'o',
            value: '3',
            domain: 'example.test',
            path: '/',
            expires: -1,
            httpOnly: false,
            secure: false,
            sameSite: 'Lax',
          },
          {
            name: 'd',
            value: '4',
            domain: '.example.test',
            path: '/d',
            expires: -1,
            httpOnly: false,
            secure: false,
            sameSite: 'Lax',
          },
          {
            name: 'old',
            value: '5',
            domain: '127.0.0.1',
            path: '/',
            expires: 1_000,
            httpOnly: false,
            secure: false,
            sameSite: 'Lax',
          },
        ],
        origins: [{ origin: 'http://127.0.0.1', localStorage: [{ name: 'k', value: 'v' }] }],
      },
    },
    run: async (request, look) => {
      await look(request.get('/echo'));
      const { cookies, origins } = await request.storageState();
      return { cookies, storage: origins.map(({ origin, localStorage }) => ({ origin, localStorage })) };
    },
  },
  {
    title: 'addCookies by url and by domain and path',
    run: async (request, look, baseURL) => {
      await request.addCookies([
        { name: 'u', value: '1', url: `${baseURL}/deep/path` },
        { name: 'd', value: '2', domain: '127.0.0.1', path: '/' },
        {
          name: 'w',
          value: '3',
          domain: '.example.test',
          path: '/',
          httpOnly: true,
          sameSite: 'None',
          expires: 4_000_000_000,
        },
      ]);
      await look(request.get('/echo'));
      await look(request.get('/deep/path'));
      const everywhere = await request.cookies();
      return {
        everywhere,
        there: await request.cookies('http://sub.example.test/'),
        here: await request.cookies([baseURL]),
      };
    },
  },
  {
    title: 'clearCookies by name, domain and path, by text and by pattern',
    run: async (request, _look, baseURL) => {
      const fill = (): Promise<void> =>
        request.addCookies(['aa', 'ab', 'b'].map((name) => ({ name, value: '1', url: `${baseURL}/` })));
      const left: string[][] = [];
      for (const filter of [
        { name: 'aa' },
        { name: /^a/ },
        { domain: '127.0.0.1' },
        { domain: /example/ },
        { path: '/' },
        { name: 'b', path: '/other' },
        {},
      ]) {
        await fill();
        await request.clearCookies(filter);
        left.push((await request.cookies()).map(({ name }) => name));
      }
      return left;
    },
  },
  ...[
    { name: 'a', value: '1' },
    { name: 'a', value: '1', url: 'http://a.test', domain: 'a.test' },
    { name: 'a', value: '1', url: 'http://a.test', path: '/' },
    { name: 'a', value: '1', url: 'http://a.test', expires: -2 },
    { name: 'a', value: '1', url: 'http://a.test', expires: 1e15 },
  ].map((cookie): Script => ({
    title: `addCookies refuses ${JSON.stringify(cookie)}`,
    run: (request) =>
      request.addCookies([cookie]).then(
        () => 'accepted',
        (error: unknown) => (error instanceof Error ? error.message.split('\n')[0] : error),
      ),
  })),
  {
    title: 'two hosts do not see each other’s cookies',
    run: async (request, look, baseURL) => {
      await look(request.get('/set-cookie?c=a%3D1'));
      await look(request.get(`${baseURL.replace('127.0.0.1', 'localhost')}/echo`));
      await look(
        request.get(`${baseURL.replace('127.0.0.1', 'localhost')}/set-cookie?c=l%3D1%3B%20Domain%3Dlocalhost`),
      );
      await look(request.get(`${baseURL.replace('127.0.0.1', 'localhost')}/echo`));
      return request.cookies();
    },
  },
];

differ([...single, ...several]);
