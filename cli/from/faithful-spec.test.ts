/** Recordings that are easily made a wrong spec of: the server must get what it got, and the file hold no id and no secret. */
import { expect, test } from '@playwright/test';
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
