/** Combinations of options that nobody thought of, through both contexts: whatever is asked, both ask and answer the same. */
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { bothSides, type Script } from '../../../testing/differential/compare.ts';
import { StrangeServer } from '../../../testing/differential/strange-server.ts';
import { test } from '../../../testing/plain-test.ts';
import type { FetchOptions } from '../request-options.ts';

/** One seed, so that a red run is red again; the time is that of both contexts together. */
const bounds = { seed: 1, numRuns: 250, interruptAfterTimeLimit: 12_000 } as const;

const word = fc.oneof(
  fc.constantFrom('', 'a', 'a b', 'ü', '✓', '&=?#', '%zz', '"', '+', '/'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const name = fc.constantFrom('a', 'b c', 'ü', 'A', 'x-a');
const scalar = fc.oneof(word, fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const record = fc.dictionary(name, scalar, { maxKeys: 3 });

const file = fc.record({
  name: fc.constantFrom('a.txt', 'ü "b".bin', 'none'),
  mimeType: fc.constantFrom('text/plain', 'application/json; charset=utf-8'),
  buffer: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
});

const body: fc.Arbitrary<FetchOptions> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.record({
    data: fc.oneof(
      word,
      fc.json(),
      fc.jsonValue({ maxDepth: 2 }),
      file.map(({ buffer }) => buffer),
    ),
  }),
  fc.record({ form: record }),
  fc.record({ multipart: fc.dictionary(name, fc.oneof(scalar, file), { maxKeys: 3 }) }),
);

const headers: fc.Arbitrary<Record<string, string>> = fc.dictionary(
  fc.constantFrom('x-a', 'X-B', 'accept', 'Accept-Encoding', 'authorization', 'cookie', 'content-type', 'User-Agent'),
  fc.constantFrom('', 'a', 'text/plain', 'application/json', 'gzip', 'Basic YW5uOnNlY3JldA==', 'grün'),
  { maxKeys: 3 },
);

const path = fc.oneof(
  fc.constantFrom(
    '/echo',
    '/echo?x=1#f',
    '/basic',
    '/headers',
    '/chunked',
    '/encoded?as=gzip',
    '/encoded?as=br&cut=20',
  ),
  fc.constantFrom(200, 204, 304, 404, 500).map((code) => `/status?code=${code}&body=text`),
  fc
    .tuple(
      fc.constantFrom(301, 302, 303, 307, 308),
      fc.constantFrom('/echo', '/chain?left=2', '/basic', '/set-cookie?c=c%3D3'),
    )
    .map(([code, to]) => `/redirect?code=${code}&cookie=r%3D1&to=${encodeURIComponent(to)}`),
  word.map((text) => `/echo/${text}`),
);

const options: fc.Arbitrary<FetchOptions> = fc
  .tuple(
    body,
    fc.record(
      {
        method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'report'),
        headers,
        params: fc.oneof(
          record,
          word,
          fc.array(fc.tuple(name, word), { maxLength: 2 }).map((all) => new URLSearchParams(all)),
        ),
        maxRedirects: fc.integer({ min: -1, max: 3 }),
        maxRetries: fc.integer({ min: 0, max: 1 }),
        failOnStatusCode: fc.boolean(),
        timeout: fc.constantFrom(0, 5_000),
      },
      { requiredKeys: [] },
    ),
  )
  // Without its own type nobody could tell the boundary, which differs.
  .filter(([{ multipart }, others]) => multipart === undefined || others.headers?.['content-type'] === undefined)
  .map(([sent, others]) => ({ ...others, ...sent }));

const context = fc.record(
  {
    extraHTTPHeaders: fc.dictionary(fc.constantFrom('x-a', 'x-c', 'Accept'), fc.constantFrom('context', '', 'a, b'), {
      maxKeys: 2,
    }),
    failOnStatusCode: fc.boolean(),
    maxRedirects: fc.integer({ min: 0, max: 2 }),
    httpCredentials: fc.record(
      {
        username: fc.constantFrom('ann', 'änn'),
        password: fc.constantFrom('secret', ''),
        send: fc.constantFrom('always' as const, 'unauthorized' as const),
      },
      { requiredKeys: ['username', 'password'] },
    ),
    userAgent: fc.constantFrom('', 'mine/1'),
  },
  { requiredKeys: [] },
);

const cookies = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('a', 'b', 'c'), value: fc.constantFrom('', '1', 'a b', '"q"', 'ü', '✓') }),
  { maxLength: 2, selector: ({ name: one }) => one },
);

test('any combination of options does the same through both contexts', async () => {
  const server = await StrangeServer.start();
  try {
    await fc.assert(
      fc.asyncProperty(
        context,
        cookies,
        fc.array(fc.tuple(path, options), { minLength: 1, maxLength: 2 }),
        async (made, jar, calls) => {
          const script: Script = {
            title: 'generated',
            context: made,
            run: async (request, look, baseURL) => {
              await request.addCookies(jar.map((cookie) => ({ ...cookie, url: baseURL })));
              for (const [url, asked] of calls) await look(request.fetch(url, asked));
            },
          };
          const { ours, playwright } = await bothSides(server, script);
          expect(ours).toEqual(playwright);
        },
      ),
      bounds,
    );
  } finally {
    await server.stop();
  }
});
