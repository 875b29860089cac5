/** How people wrap a context and its responses in fixtures: to log, to log in, to retry, to spy. */
import type { APIRequestContext, APIResponse } from '@playwright/test';
import { differ } from '../../../testing/differential/differ.ts';
import type { Script } from '../../../testing/differential/compare.ts';

type Fetch = APIRequestContext['fetch'];

/** What is wrapped, and how. */
const wrapped: Readonly<Record<string, <T extends object>(inner: T) => T>> = {
  'an empty Proxy': (inner) => new Proxy(inner, {}),
  'a Proxy that hands the receiver on': (inner) =>
    new Proxy(inner, { get: (target, name, receiver): unknown => Reflect.get(target, name, receiver) }),
  'a Proxy that binds': (inner) =>
    new Proxy(inner, {
      get: (target, name): unknown => {
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    }),
  'a Proxy that applies': (inner) =>
    new Proxy(inner, {
      get: (target, name): unknown => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const method = value as (...args: unknown[]) => unknown;
        return (...args: unknown[]): unknown => method.apply(target, args);
      },
    }),
  'an object with it as its prototype': <T extends object>(inner: T) => Object.create(inner) as T,
  'a shallow copy': <T extends object>(inner: T) =>
    Object.assign(Object.create(Object.getPrototypeOf(inner) as object) as T, inner),
};

/** Everything that a context can do, and a refusal. */
async function everything(request: APIRequestContext, baseURL: string): Promise<unknown> {
  const statuses: number[] = [];
  for (const method of ['get', 'post', 'put', 'patch', 'delete', 'head', 'fetch'] as const) {
    statuses.push((await request[method]('/echo', { headers: { 'x-a': '1' } })).status());
  }
  await request.addCookies([{ name: 'a', value: '1', url: baseURL }]);
  const cookies = await request.cookies();
  const state = await request.storageState();
  await request.clearCookies();
  const refused = await request.get('http://127.0.0.1:1/').catch((error: unknown) => firstLine(error));
  await request.dispose();
  return { statuses, cookies, state, refused, after: await request.get('/echo').catch(firstLine) };
}

async function read(response: APIResponse): Promise<unknown> {
  return {
    status: [response.status(), response.statusText(), response.ok()],
    headers: [response.headers()['content-type'], response.headersArray().length > 0],
    body: [(await response.body()).length, (await response.text()).length, JSON.stringify(await response.json())],
    address: [(await response.serverAddr())?.ipAddress, await response.securityDetails()],
    timed: response.timing().responseEnd >= 0,
    disposed: await response.dispose().then(() => response.text().catch(firstLine)),
  };
}

/** Without the method's name, which Playwright takes from the stack, where a wrapper's shows in its place. */
function firstLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.name}: ${error.message.split('\n')[0]?.replace(/^\w+\.\w+: /, '') ?? ''}`;
}

const wraps: Script[] = Object.entries(wrapped).flatMap(([words, wrap]): Script[] => [
  { title: `a context in ${words}`, run: (request, _look, baseURL) => everything(wrap(request), baseURL) },
  { title: `a response in ${words}`, run: async (request) => read(wrap(await request.get('/echo'))) },
]);

/** `get` and the others go by `fetch`, so that what is put in its place sees them all. */
const patches: Script[] = (['get', 'post', 'put', 'patch', 'delete', 'head', 'fetch'] as const).flatMap(
  (method): Script[] => [
    {
      title: `a fetch of one's own is called by ${method}`,
      run: async (request, look) => {
        const calls: unknown[] = [];
        const fetch: Fetch = request.fetch.bind(request);
        request.fetch = (url, options) => {
          calls.push([url, options]);
          return fetch(url, { ...options, headers: { ...options?.headers, authorization: 'Bearer x' } });
        };
        await look(request[method]('/echo', { params: { a: 1 }, headers: { 'x-a': '1' } }));
        await look(request[method]('/echo'));
        await look(request[method]('http://127.0.0.1:1/'));
        return calls;
      },
    },
  ],
);

const spies: Script[] = [
  {
    title: 'a get of one’s own, in a Proxy that adds a header',
    run: async (request, look) => {
      const authorized = new Proxy(request, {
        get: (target, name, receiver): unknown => {
          if (name !== 'fetch') return Reflect.get(target, name, receiver);
          const fetch: Fetch = (url, options) => target.fetch(url, { ...options, headers: { 'x-token': 't' } });
          return fetch;
        },
      });
      await look(authorized.get('/echo'));
      await look(authorized.post('/echo', { data: { a: 1 } }));
      await look(authorized.fetch('/echo', { method: 'PUT' }));
    },
  },
  {
    title: 'a retry around get',
    run: async (request, look) => {
      const get = request.get.bind(request);
      request.get = async (url, options) => {
        const first = await get(url, options);
        return first.ok() ? first : get('/echo', options);
      };
      await look(request.get('/status?code=503'));
    },
  },
  {
    title: 'a spy on json',
    run: async (request) => {
      const response = await request.get('/echo');
      const json = response.json.bind(response);
      let calls = 0;
      response.json = () => {
        calls += 1;
        return json();
      };
      return [JSON.stringify(await response.json()), calls];
    },
  },
  {
    title: 'a text of one’s own is what json parses',
    run: async (request) => {
      const response = await request.get('/echo');
      response.text = async () => '{"own":1}';
      return [JSON.stringify(await response.json()), (await response.body()).length];
    },
  },
  {
    title: 'a body of one’s own is what text and json read',
    run: async (request) => {
      const response = await request.get('/echo');
      response.body = async () => Buffer.from('{"own":2}');
      return [await response.text(), JSON.stringify(await response.json())];
    },
  },
  {
    title: 'a response with a json of its own',
    run: async (request) => {
      const response = await request.get('/echo');
      const typed = Object.assign(Object.create(response) as APIResponse, { json: async () => ({ typed: true }) });
      return [typed.status(), (await typed.text()).length, JSON.stringify(await typed.json())];
    },
  },
];

const nothing: unknown = null;
const callOptions = [
  'data',
  'form',
  'multipart',
  'params',
  'headers',
  'timeout',
  'signal',
  'maxRedirects',
  'maxRetries',
  'failOnStatusCode',
  'ignoreHTTPSErrors',
  'method',
];

const nulls: Script[] = [
  ...callOptions.flatMap((name): Script[] => [
    {
      title: `a call whose ${name} is null`,
      run: (request, look) => look(request.fetch('/echo', { method: 'POST', [name]: nothing })),
    },
    {
      title: `a call whose ${name} is undefined`,
      run: (request, look) => look(request.fetch('/echo', { method: 'POST', [name]: undefined })),
    },
  ]),
  {
    title: 'a call whose options are null',
    run: (request, look) => look(request.get('/echo', nothing as undefined)),
  },
  {
    title: 'a parameter that is null',
    run: (request, look) => look(request.get('/echo', { params: { a: nothing as string, b: 1 } })),
  },
  {
    title: 'a field of a form that is null',
    run: (request, look) => look(request.post('/echo', { form: { a: nothing as string, b: 1 } })),
  },
  {
    title: 'a body with null in it',
    run: (request, look) => look(request.post('/echo', { data: { a: nothing, b: [nothing] } })),
  },
];

differ([...wraps, ...patches, ...spies, ...nulls]);
