/** Recordings as specs: what is taken from answers, what from the environment, what is left out, and when it is sent. */
import { expect } from '@playwright/test';
import fc from 'fast-check';
import type { HarEntry } from '../../load/profile/replay/har-file.ts';
import { test } from '../../testing/plain-test.ts';
import { exchangeOf } from './exchange.ts';
import { entry, type Sent, specOf } from '../../testing/recorded-journey.ts';
import { choose } from './left-out.ts';

const id = '7d9f2c1e-8a44-4c6b-9f00-1b2c3d4e5f60';
const correlated = [
  {
    what: 'an id in a path',
    sent: [{ method: 'POST', url: '/orders', answer: { id } }, { url: `/orders/${id}` }],
    has: [
      'const orderId = (await postOrder.json()).id;',
      'request.get(`/orders/${orderId}`)',
      "'GET /orders/:orderId answers",
    ],
    hasNot: [id],
  },
  {
    what: 'a short number where ids stand',
    sent: [{ method: 'POST', url: '/orders', answer: { id: 42, count: 3 } }, { url: '/orders/42?page=3' }],
    has: ['`/orders/${orderId}?page=3`'],
    hasNot: ['/42'],
  },
  {
    what: 'a short number elsewhere is a number',
    sent: [
      { url: '/orders', answer: { id: 42 } },
      { method: 'POST', url: '/carts', json: { amount: 42 } },
    ],
    has: ['amount: 42'],
    hasNot: ['orderId'],
  },
  {
    what: 'an id in a body, in a list, under a strange name',
    sent: [
      { url: '/x', answer: { 'a-b': [{ ref: id }] } },
      { method: 'PUT', url: '/y', json: { of: { ref: id } } },
    ],
    has: ["const ref = (await getX.json())['a-b'][0].ref;", 'data: { of: { ref: ref } }'],
    hasNot: [id],
  },
  {
    what: 'a number is a number again',
    sent: [
      { url: '/x', answer: { seq: 987_654 } },
      { method: 'PUT', url: '/y', json: { after: 987_654 } },
    ],
    has: ['after: Number(seq)'],
    hasNot: ['987654'],
  },
  {
    what: 'a place in `Location`',
    sent: [
      { method: 'POST', url: '/jobs', status: 202, answerHeaders: { location: '/jobs/job-20260101x' } },
      { url: '/jobs/job-20260101x' },
    ],
    has: ["(postJob.headers()['location'] ?? '').split('/').pop() ?? ''", '`/jobs/${jobId}`'],
    hasNot: ['20260101x'],
  },
  {
    what: 'a token of a login',
    sent: [
      { method: 'POST', url: '/login', json: { user: 'ada', password: 'hunter2' }, answer: { token: 'abcDEF123456' } },
      { url: '/me', headers: { authorization: 'Bearer abcDEF123456' } },
    ],
    has: [
      "const password = secret('PASSWORD');",
      "user: 'ada', password: password",
      'authorization: `Bearer ${token}`',
      'const token = (await postLogin.json()).token;',
    ],
    hasNot: ['hunter2', 'abcDEF123456'],
  },
  {
    what: 'a token of elsewhere',
    sent: [{ url: '/me?api_key=k-123&q=a%20b', headers: { 'x-api-key': 'k-123', cookie: 'sid=zzz' } }],
    has: ["secret('API_KEY')", '`/me?api_key=${apiKey}&q=a%20b`', "'x-api-key': apiKey"],
    hasNot: ['k-123', 'sid', 'zzz'],
  },
  {
    what: 'a secret in a form',
    sent: [{ method: 'POST', url: '/login', form: 'user=ada&password=a%26b' }],
    has: ["form: { user: 'ada', password: password }"],
    hasNot: ['a%26b', 'a&b'],
  },
  {
    what: 'an id that the client makes up',
    sent: [
      { method: 'POST', url: '/orders', headers: { 'idempotency-key': id }, answer: { key: id } },
      { method: 'POST', url: '/orders', headers: { 'idempotency-key': id } },
    ],
    has: ['const idempotencyKey = crypto.randomUUID();', "'idempotency-key': idempotencyKey"],
    hasNot: [id],
  },
  {
    what: 'an id of elsewhere in a path',
    sent: [{ url: `/orders/${id}` }],
    has: ["secret('ORDERS_ID')", '`/orders/${ordersId}`'],
    hasNot: [id],
  },
  {
    what: 'what the client has said first',
    sent: [
      { method: 'POST', url: '/orders', json: { name: 'order-number-1' }, answer: { name: 'order-number-1' } },
      { url: '/orders/order-number-1' },
    ],
    has: ["'/orders/order-number-1'"],
    hasNot: ['.name'],
  },
  {
    what: 'headers of the browser',
    sent: [{ headers: { 'user-agent': 'x', 'sec-fetch-mode': 'cors', accept: '*/*', 'x-mine': 'yes', ':path': '/' } }],
    has: ["request.get('/', { headers: { 'x-mine': 'yes' } })"],
    hasNot: ['user-agent', 'sec-', 'accept'],
  },
  {
    what: 'a status that is an error',
    sent: [{ url: '/none', status: 404 }],
    has: ['expectStatus: (status) => status < 400 || [404].includes(status)', 'getNone.status() === 404'],
    hasNot: [],
  },
  {
    what: 'another method',
    sent: [{ method: 'PROPFIND', url: '/dav' }],
    has: ["request.fetch('/dav', { method: 'PROPFIND' })"],
    hasNot: [],
  },
];
for (const { what, sent, has, hasNot } of correlated) {
  test(`of a recording: ${what}`, () => {
    const spec = specOf(...sent);
    for (const part of has) expect(spec).toContain(part);
    for (const part of hasNot) expect(spec).not.toContain(part);
  });
}

test('requests side by side are sent side by side, and thinking is a pause', () => {
  const spec = specOf(
    { url: '/a', atMs: 0, forMs: 100 },
    { url: '/b', atMs: 50, forMs: 100 },
    { url: '/c', atMs: 1_350 },
    { url: '/d', atMs: 1_400 },
  );
  expect(spec).toContain(
    "const [getA, getB] = await Promise.all([\n      request.get('/a'),\n      request.get('/b'),",
  );
  expect(spec).toContain("await pause('1.2s');\n    const getC = ");
  expect(spec.match(/pause\(/g)).toHaveLength(1);
  expect(specOf({ url: '/a' })).toContain('async ({ request, check }) =>');
});

test('a page that asks until something is so is a loop', () => {
  const poll = (atMs: number, state: string): Sent => ({ url: `/jobs/${id}`, atMs, answer: { id, state } });
  const spec = specOf(
    { method: 'POST', url: '/jobs', atMs: 0, answer: { id } },
    ...[1_000, 2_000, 3_000, 4_000].map((atMs) => poll(atMs, 'running')),
    { url: '/done', atMs: 4_020 },
  );
  expect(spec).toContain("for (let turn = 1; turn <= 4; turn++) {\n      if (turn > 1) await pause('990ms');");
  expect(spec.match(/request\.get\(`\/jobs/g)).toHaveLength(1);
});

test('files, other origins, preflights, sockets and followers of redirects are left out, and counted', () => {
  const exchanges = [
    { url: '/', type: 'document', status: 302, answerHeaders: { location: '/home' } },
    { url: '/home', type: 'document' },
    { url: '/app.js', type: 'script' },
    { url: '/logo', type: 'image' },
    { url: '/favicon.ico', type: 'other' },
    { url: 'http://tracker.example/collect' },
    { url: '/api', method: 'OPTIONS', type: 'preflight' },
    { url: '/events', type: 'eventsource' },
    { url: '/api' },
  ].map((each) => exchangeOf(entry(each), () => undefined));
  const found = exchanges.filter((each) => each !== undefined);
  const chosen = choose(found, { origins: [], all: false });
  expect(chosen.exchanges.map(({ url, status }) => `${url.pathname} ${status}`)).toEqual(['/ 200', '/api 200']);
  expect(Object.fromEntries(chosen.leftOut)).toEqual({
    'static files': 3,
    'of other origins': 1,
    preflights: 1,
    'event streams': 1,
  });
  const withTracker = choose(found, { origins: ['http://tracker.example'], all: false });
  expect(withTracker.exchanges).toHaveLength(3);
  expect(choose(found, { origins: [], all: true }).exchanges).toHaveLength(6);
});

test('an entry may hold anything: it is a request, or it is none', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.anything(), (request, response, time) => {
      const read = () => exchangeOf({ startedDateTime: time, request, response, time } as HarEntry, () => undefined);
      expect(read).not.toThrow();
    }),
  );
});

test('whatever stands in a recording, its spec can be read, and holds no secret of it', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('`${process.exit()}`', '*/ evil() /*', "'); evil(); ('", '\u2028', '__proto__', '\\'),
  );
  fc.assert(
    fc.property(text, text, text, (key, value, name) => {
      const spec = specOf(
        {
          method: 'POST',
          url: `/${encodeURIComponent(Buffer.from(name).toString())}`,
          json: { [key]: value, password: 'pa55-w0rd' },
          answer: { [key]: value },
        },
        {
          url: `/a?${encodeURIComponent(Buffer.from(key).toString())}=${encodeURIComponent(Buffer.from(value).toString())}`,
          headers: { 'x-a': value },
        },
      );
      expect(spec).not.toContain('pa55-w0rd');
    }),
    { numRuns: 300 },
  );
});
