import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { keptMessage } from './exemplar.ts';
import { maskBody, maskHeaders, maskText } from './mask.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

const headers = [
  ...['Authorization', 'Proxy-Authorization', 'Cookie', 'Set-Cookie', 'X-Access-Token', 'Private-Token'],
  ...['X-CSRF-Token', 'X-XSRF-TOKEN', 'apikey', 'X-Api-Key', 'api_key', 'X-Vault-Token', 'X-Amz-Security-Token'],
  ...[
    'X-Auth',
    'X-Session-Id',
    'X-Hub-Signature-256',
    'X-Client-Secret',
    'X-Goog-Api-Key',
    'x-functions-key',
    'PASSWORD',
  ],
];
for (const name of headers)
  test(`header ${name} is masked`, () => {
    expect(maskHeaders({ [name]: 'Hunter2hunter' })).toEqual({ [name]: '***' });
  });

test('a header whose text is a number is masked, one that says nothing is not', () => {
  const headers = { 'x-session': '5', 'x-token': ' null ', authorization: '' };
  expect(maskHeaders(headers)).toEqual({ ...headers, 'x-session': '***' });
});

const kept: Readonly<Record<string, string>> = {
  'x-request-id': '7f3c-11',
  etag: 'W/"33a64df5"',
  'x-session-affinity': 'node-4',
  'idempotency-key': 'order-17',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'access-control-allow-credentials': 'true',
  'access-control-allow-headers': 'Authorization, X-Api-Key',
  'x-ratelimit-remaining-tokens': '9000',
  'www-authenticate': 'Bearer realm="shop", error="invalid_token"',
  'content-type': 'multipart/form-data; boundary=x',
  vary: 'Cookie, Authorization',
  author: 'ann',
  location: '/orders/17?page=2&sort_key=name&keyboard=de',
  server: 'nginx/1.27',
};
for (const [name, value] of Object.entries(kept))
  test(`header ${name}: ${value} stays`, () => {
    expect(maskHeaders({ [name]: value })).toEqual({ [name]: value });
  });

const texts = [
  { text: 'https://a/b?code=SECRET&state=1', shown: 'https://a/b?code=***&state=1' },
  { text: 'https://a/b#access_token=SECRET&x=1', shown: 'https://a/b#access_token=***&x=1' },
  { text: 'https://a/b?page=2&pass%77ord=SECRET', shown: 'https://a/b?page=2&pass%77ord=***' },
  {
    text: 'https://a/?to=https%3A%2F%2Fb%2F%3Fcode%3DSECRET%26x%3D1',
    shown: 'https://a/?to=https%3A%2F%2Fb%2F%3Fcode%3D***%26x%3D1',
  },
  { text: 'https://ann:SECRET@host/a', shown: 'https://***@host/a' },
  { text: 'postgres://ann:SEC@RET@host/a', shown: 'postgres://***@host/a' },
  { text: '<https://a?sig=SECRET>; rel="next"', shown: '<https://a?sig=***>; rel="next"' },
  { text: '0; url=https://a?session=SECRET', shown: '0; url=https://a?session=***' },
  { text: '/a;jsessionid=SECRET?b=1', shown: '/a;jsessionid=***' },
  {
    text: 'X-Amz-Credential=SECRET&X-Amz-Date=20261125&X-Amz-Signature=SECRET',
    shown: 'X-Amz-Credential=***&X-Amz-Date=20261125&X-Amz-Signature=***',
  },
  { text: `/reset/${jwt}/x`, shown: '/reset/***/x' },
  { text: `cut ${jwt.slice(0, 15)}`, shown: 'cut ***' },
  { text: 'got Bearer SECRETSECRET', shown: 'got Bearer ***' },
  { text: 'got Basic U0VDUkVUOlNFQ1JFVA==', shown: 'got Basic ***' },
  { text: '{"user":"ann","password":"SEC\\"RET","n":1}', shown: '{"user":"ann","password":"***","n":1}' },
  {
    text: '{"a":{"accessToken":"SECRET"},"b":[{"refresh_token":"SECRET"}]}',
    shown: '{"a":{"accessToken":"***"},"b":[{"refresh_token":"***"}]}',
  },
  { text: '{"password":"SECRET and it is cut', shown: '{"password":"***' },
  { text: '{"credentials":{"user":"SECRET","x":["}SECRET"]},"n":1}', shown: '{"credentials":"***","n":1}' },
  { text: '{"pass\\u0077ord":"SECRET"}', shown: '{"pass\\u0077ord":"***"}' },
  { text: '{"pin": 1234, "n": 1}', shown: '{"pin": ***, "n": 1}' },
  {
    text: '{"body":"{\\"password\\":\\"SEC\\\\\\"RET\\",\\"n\\":1}"}',
    shown: '{"body":"{\\"password\\":\\"***\\",\\"n\\":1}"}',
  },
  { text: '[{"name":"password","value":"SECRET"}]', shown: '[{"name":"password","value":"***"}]' },
  { text: "{ password: 'SECRET', n: 1 }", shown: "{ password: '***', n: 1 }" },
  { text: 'x-api-key: SECRET\naccept: */*', shown: 'x-api-key: ***\naccept: */*' },
  { text: 'user=ann&password=SECRET WITH SPACE&b=1', shown: 'user=ann&password=***&b=1' },
  { text: 'a=1&password=SECRET WITH SPACE', shown: 'a=1&password=***' },
  { text: 'key=SECRET WITH SPACE&b=1', shown: 'key=***&b=1' },
  { text: 'session=5&b=1 2', shown: 'session=***&b=1 2' },
  { text: 'password=SECRET and\nmore', shown: 'password=*** and\nmore' },
  { text: 'got: password=SECRET and more', shown: 'got: password=*** and more' },
  { text: '-----BEGIN PGP PRIVATE KEY BLOCK-----\nSECRET', shown: '***' },
  { text: 'cut eyJhbG', shown: 'cut ***' },
  { text: 'eyJhbG is cut', shown: 'eyJhbG is cut' },
  { text: 'code=SECRET&grant_type=authorization_code', shown: 'code=***&grant_type=authorization_code' },
  { text: '{"grant_type":"x","code":"SECRET"}', shown: '{"grant_type":"x","code":"***"}' },
  {
    text: '--x\r\nContent-Disposition: form-data; name="password"\r\n\r\nSECRET\r\nSECRET\r\n--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--',
    shown:
      '--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n***\r\n--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--',
  },
  { text: '<a><Password type="t">SECRET</Password></a>', shown: '<a><Password type="t">***</Password></a>' },
  {
    text: '<input type=hidden name="csrf_token" value="SECRET">',
    shown: '<input type=hidden name="csrf_token" value="***">',
  },
  { text: '-----BEGIN RSA PRIVATE KEY-----\nSECRET\n-----END RSA PRIVATE KEY-----.', shown: '***.' },
  { text: '-----BEGIN PRIVATE KEY-----\nSECRET', shown: '***' },
  {
    text: 'AKIAIOSFODNN7EXAMPLE ghp_0123456789abcdefghij0123 sk-0123456789abcdefghijkl xoxb-123456789012-abc',
    shown: '*** *** *** ***',
  },
];
for (const { text, shown } of texts)
  test(`${JSON.stringify(text.slice(0, 90))} is masked`, () => {
    expect(maskBody(text)).toBe(shown);
    expect(maskBody(shown)).toBe(shown);
  });

const harmless = [
  'https://a/b?page=2&author=ann&keyboard=de&monkey=1&max_tokens=100&state=running&sort_key=a',
  '{"max_tokens":100,"usage":{"prompt_tokens":3,"total_tokens":9},"token_type":"Bearer","expires_in":3600}',
  '{"code":"ECONNRESET","key":"orders","author":"ann","keyboard":"de","monkey":{"a":1},"status_code":404}',
  '{"session_affinity":"node-4","token_count":7,"is_authenticated":true,"password":null,"secret":""}',
  "Unexpected token '<', is not valid JSON at position 0",
  'SyntaxError: invalid token: expected a comma',
  'Basic authentication is required; Bearer token is missing',
  'connect ECONNREFUSED 127.0.0.1:8002',
  'expect(received).toBe(expected): 404 === 200',
  '<p class="code">not <b>found</b></p>',
  'GET /api/v1/workflows/:id/events',
];
for (const text of harmless)
  test(`${JSON.stringify(text.slice(0, 90))} stays as it is`, () => {
    expect(maskBody(text)).toBe(text);
    expect(keptMessage(text)).toBe(text);
  });

const secret = fc
  .string({
    unit: fc.constantFrom(...'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_.'.split(/(?:)/u)),
    minLength: 12,
    maxLength: 40,
  })
  .map((text) => `Zq7${text}`);
const parameter = fc.constantFrom(
  ...'code access_token id_token refresh_token key sig signature session sid jwt token password secret X-Amz-Signature apikey client_secret user[password] SAMLResponse accessToken PHPSESSID'.split(
    ' ',
  ),
);
const field = fc.constantFrom(
  ...'password newPassword access_token refreshToken id_token apiKey api_key secret client_secret privateKey sessionId csrfToken jwt passwd authorization credentials cookie signature otp'.split(
    ' ',
  ),
);
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'), minLength: 1, maxLength: 8 });

/** Places in which a secret may stand: the text around it is drawn too. */
const places: Readonly<Record<string, (s: string, name: string, f: string, w: string) => string>> = {
  query: (s, name, _f, w) => `https://h/${w}?a=${w}&${encodeURIComponent(name)}=${encodeURIComponent(s)}&z=1`,
  fragment: (s, name, _f, w) => `https://h/${w}#${encodeURIComponent(name)}=${s}`,
  'url in a value': (s, name, _f, w) =>
    `/${w}?to=${encodeURIComponent(`https://h/?b=1&${name.replace(/[[\]]/g, '')}=${s}&c=2`)}&d=${w}`,
  'url in JSON': (s, name, _f, w) => JSON.stringify({ [w]: `https://h/?${encodeURIComponent(name)}=${s}` }),
  json: (s, _n, f, w) => JSON.stringify({ [w]: { list: [1, { [f]: s, [w]: w }] } }),
  'pretty json': (s, _n, f, w) => JSON.stringify({ [w]: { [f]: `"\\${s}\n` } }, undefined, 2),
  'list in json': (s, _n, f, w) => JSON.stringify({ [f]: [w, `]}"${s}`], [w]: w }),
  'json in json': (s, _n, f, w) => JSON.stringify({ [w]: JSON.stringify({ [f]: `"\\${s}` }) }),
  'json in json in json': (s, _n, f, w) => JSON.stringify([JSON.stringify([JSON.stringify({ [w]: 1, [f]: `"${s}` })])]),
  form: (s, name, _f, w) => new URLSearchParams({ [w]: w, [`x${name}`.slice(1)]: s, z: '1' }).toString(),
  multipart: (s, name, _f, w) =>
    `--${w}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: text/plain\r\n\r\n${s}\r\n--${w}--`,
  xml: (s, _n, f, w) => `<${w}><${f}>${s}</${f}></${w}>`,
  bearer: (s, _n, _f, w) => `${w} Bearer ${s} ${w}`,
  inspected: (s, _n, f, w) => `Error: ${w} { ${f}: '${s}', a: 1 }`,
  'header line': (s, _n, _f, w) => `${w}\nx-api-key: ${s}\nx: y`,
  userinfo: (s, _n, _f, w) => `https://${w}:${s}@${w}.example/${w}`,
};
for (const [place, textOf] of Object.entries(places))
  test(`property: no secret is left in ${place}, wherever the text is cut`, () => {
    fc.assert(
      fc.property(secret, parameter, field, word, fc.nat(400), (s, name, f, w, cut) => {
        const text = textOf(s, name, f, w);
        if (maskBody(text).includes(s)) throw new Error(maskBody(text));
        const at = text.lastIndexOf(s) + Math.min(s.length, 8 + (cut % s.length));
        const head = place === 'userinfo' ? text : text.slice(0, at); // without its `@` it is a host and a port
        if (maskBody(head).includes(s.slice(0, 8))) throw new Error(maskBody(head)); // an `expect` is a step with a stack
      }),
      { numRuns: 100 },
    );
  });

test('property: what was masked stays as it is', () => {
  fc.assert(
    fc.property(secret, parameter, field, word, fc.constantFrom(...Object.values(places)), (s, name, f, w, textOf) => {
      const once = maskText(textOf(s, name, f, w));
      if (maskText(once) !== once) throw new Error(once);
    }),
  );
});

test('the code of an exit or a status is no secret, one to log in with is', () => {
  expect(maskText('worker process exited unexpectedly (code=3, signal=null)')).toContain('(code=3, signal=null)');
  expect(maskText('GET /callback?code=48213966&state=1')).not.toContain('48213966');
});
