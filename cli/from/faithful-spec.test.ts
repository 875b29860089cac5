/** Recordings that are easily made a wrong spec of: the server must get what it got, and the file hold no id and no secret. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { exchangeOf } from './exchange.ts';
import { journeySpec } from './journey-spec.ts';
import { entry, origin, type Sent, specOf } from '../../testing/recorded-journey.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
const uuid = (n: number) => `3f2c1a0b-0000-4000-8000-00000000000${n}`;
const faithful: readonly { readonly what: string; readonly sent: readonly Sent[]; readonly has: readonly string[] }[] =
  [
    {
      what: 'a path that begins with two slashes stays with the host',
      sent: [{ url: '//evil.example/x' }],
      has: ["request.get('/.//evil.example/x')"],
    },
    {
      what: 'what the browser had kept is a full answer to who has kept nothing',
      sent: [{ url: '/a', headers: { 'if-none-match': '"x"' }, status: 304 }],
      has: ["request.get('/a')", 'status() === 200'],
    },
    {
      what: 'a cookie that the page sends as a header is read from the jar',
      sent: [
        { url: '/', answerHeaders: { 'Set-Cookie': 'sid=1234567890\nXSRF-TOKEN=abc-123-def; Path=/' } },
        { url: '/a', headers: { 'X-XSRF-Token': 'abc-123-def' } },
      ],
      has: ["cookies.find(({ name }) => name === 'XSRF-TOKEN')?.value ?? ''", "{ 'x-xsrf-token': xsrfToken }"],
    },
    {
      what: 'so is that of a redirect',
      sent: [
        { url: '/login', status: 302, answerHeaders: { location: '/home', 'set-cookie': 'csrftoken=abc-123-def' } },
        { url: '/home' },
        { url: '/a', headers: { 'x-csrftoken': 'abc-123-def' } },
      ],
      has: ["name === 'csrftoken'", "{ 'x-csrftoken': csrftoken }"],
    },
    {
      what: 'a number of an answer is sent as text where it was text, and as a number where it was one',
      sent: [
        { method: 'POST', url: '/orders', answer: { id: 1_234_567 } },
        { url: '/a', headers: { 'x-order': '1234567' }, json: { a: '1234567', b: 1_234_567 } },
      ],
      has: ['const orderId = String((await postOrder.json()).id);', '{ a: orderId, b: Number(orderId) }'],
    },
    {
      what: 'what lies below an id is found by its place',
      sent: [{ url: '/users', answer: { all: { [uuid(1)]: { token: 'tok-123-abc' } } } }, { url: '/a?t=tok-123-abc' }],
      has: ['Object.values((await getUser.json()).all)[0].token', '`/a?t=${token}`'],
    },
    {
      what: 'names of fields that are ids or tokens are none in the spec',
      sent: [{ method: 'POST', url: '/a', json: { [jwt]: 1, [uuid(2)]: { [uuid(2)]: uuid(2) } } }],
      has: ['{ [keySecret]: 1, [key]: { [key]: key } }'],
    },
    {
      what: 'variables behind an id or a token are not named for it',
      sent: [{ url: `/reset/${jwt}/${uuid(3)}` }, { url: `/a/${uuid(4)}/${uuid(5)}` }, { url: `/q?${jwt}` }],
      has: ['/reset/${resetIdSecret}/${id}', '/a/${aId}/${id2}', '/q?${resetIdSecret}'],
    },
    {
      what: 'a form that has a name twice keeps both, its type and no secret',
      sent: [{ method: 'POST', url: '/f', form: 'tag=a&tag=b&password=hunter22' }],
      has: ['`tag=a&tag=b&password=${password}`', "'content-type': 'application/x-www-form-urlencoded'"],
    },
  ];
for (const { what, sent, has } of faithful) {
  test(`of a recording, ${what}`, () => {
    const types = { 'content-type': 'application/x-www-form-urlencoded' };
    const spec = specOf(...sent.map((each) => (each.form === undefined ? each : { headers: types, ...each })));
    for (const part of has) expect(spec).toContain(part);
    expect(spec).not.toMatch(/[0-9a-f]{8}[-_]?[0-9a-f]{4}[-_]?4000|eyJ|hunter22/i);
  });
}

const token = 'kJ8s9d2LmQ0x7Yz1';
const elsewhere = [
  { url: '/orders/1234567', code: '`/orders/${ordersId}`', environment: 'ORDERS_ID' },
  { url: `/share/${token}`, code: '`/share/${shareId}`', environment: 'SHARE_ID' },
  { url: `/share/${token}:open`, code: '`/share/${shareId}%3Aopen`', environment: 'SHARE_ID' },
  { url: '/a?order=1234567&page=2', code: '`/a?order=${orderId}&page=2`', environment: 'ORDER_ID' },
  { url: '/a?order_id=1719928392', code: '`/a?order_id=${orderId}`', environment: 'ORDER_ID' },
  { url: `/a?path=${token}`, code: '`/a?path=${pathId}`', environment: 'PATH_ID' },
  { url: `/a?back=/share/${token}`, code: '`/a?back=%2Fshare%2F${backId}`', environment: 'BACK_ID' },
];
for (const { url, code, environment } of elsewhere) {
  test(`what no answer has given in ${url} is a variable of the environment`, () => {
    const spec = specOf({ url, answer: { id: 1_234_567, token } }, { url });
    expect(spec).toContain(`secret('${environment}')`);
    expect(spec).toContain(`request.get(${code})`);
    expect(spec).not.toMatch(new RegExp(`1234567|1719928392|${token}`));
  });
}

const words = [
  '/v1/oauth2/login_2',
  '/2026-01-01/2026-01-01T00:00:00.000Z',
  '/1.0.12345/52.520008',
  '/articles/top-10-laptops-of-2026',
  '/files/index-BfX92kLm31aa.css.map.json.js',
  '/a?page=12&sort=created_at&_=1719928392000&since=1719928392',
  '/a?variables={"first":12345}',
  '/a?q=ten words of 2026',
];
for (const url of words) {
  test(`${url} has words that everybody may send: they stay`, () => {
    const exchange = exchangeOf(entry({ url }), () => undefined);
    const exchanges = exchange === undefined ? [] : [exchange];
    const spec = journeySpec({ title: 'a', users: 1, duration: '1s', notes: [], exchanges, origin });
    expect(spec).not.toContain('secret(');
    expect(spec).toContain(`request.get('${new URL(url, origin).href.slice(origin.length)}')`);
  });
}

test('what an answer gives after an id of elsewhere was sent is taken from that answer from then on', () => {
  const spec = specOf({ url: '/orders/1234567', answer: { id: 1_234_567 } }, { url: '/bills/1234567' });
  expect(spec).toContain('const orderId = String((await getOrder.json()).id);');
  expect(spec).toContain('request.get(`/bills/${orderId}`)');
});

const texts = [
  { type: 'application/json', text: '{"id":12345678901234567890}', has: `data: '{"id":12345678901234567890}'` },
  { type: 'application/json', text: '{"x":1e400}', has: `data: '{"x":1e400}', headers: { 'content-type'` },
  { type: 'application/xml', text: '<password>hunter22</password>', has: '// Secrets in this body are masked' },
  {
    type: 'multipart/form-data; boundary=B',
    text: '--B\r\nContent-Disposition: form-data; name="password"\r\n\r\nhunter22\r\n--B--',
    has: '// Secrets in this body are masked',
  },
];
for (const { type, text, has } of texts) {
  test(`the body ${text.slice(0, 40)} is written as it was, or told`, () => {
    const sent = entry({ method: 'POST', headers: { 'content-type': type } });
    const exchange = exchangeOf(
      { ...sent, request: { ...sent.request, postData: { mimeType: type, text } } },
      () => undefined,
    );
    const exchanges = exchange === undefined ? [] : [exchange];
    const spec = journeySpec({ title: 'a', users: 1, duration: '1s', notes: [], exchanges, origin });
    expect(spec).toContain(has);
    expect(spec).not.toContain('hunter22');
  });
}
