/** The doors on a real port: under which host, from which page, with which key. */
import { expect } from '@playwright/test';
import { makeApiKey } from '../domain/api-keys.ts';
import { test } from '../testing/plain-test.ts';
import { sayRaw, startListeningAgent, type ListeningAgent } from '../testing/listening-agent.ts';

const [reader, operator, approver, automation] = [
  makeApiKey('reader', ['read']),
  makeApiKey('operator', ['read', 'operate']),
  makeApiKey('approver', ['read', 'approve']),
  makeApiKey('automation', ['read', 'operate', 'skip_approval']),
];

let open: ListeningAgent;
let keyed: ListeningAgent;

test.beforeAll(async () => {
  open = await startListeningAgent({ HOSTS: 'agent.example,*.ops.example:8443', ADVERTISED_HOST: 'told.example' });
  const keys = [reader, operator, approver, automation].map(({ entry }) => entry).join();
  keyed = await startListeningAgent({ API_KEYS: keys });
});
test.afterAll(async () => {
  await open.stop();
  await keyed.stop();
});

const hosts: { what: string; lines: string[]; status: number }[] = [
  { what: 'its address', lines: ['GET /api/v1/health HTTP/1.1', 'Host: 127.0.0.1:8002'], status: 200 },
  { what: 'a configured name', lines: ['GET /api/v1/health HTTP/1.1', 'Host: AGENT.example.:80'], status: 200 },
  { what: 'the advertised name', lines: ['GET /api/v1/health HTTP/1.1', 'Host: told.example'], status: 200 },
  { what: 'a name below, with its port', lines: ['GET /docs HTTP/1.1', 'Host: a.ops.example:8443'], status: 200 },
  { what: 'a name below, with another port', lines: ['GET /docs HTTP/1.1', 'Host: a.ops.example'], status: 421 },
  { what: 'a foreign name', lines: ['GET /api/v1/health HTTP/1.1', 'Host: evil.example'], status: 421 },
  { what: 'a foreign name, for a path that is not there', lines: ['GET /x HTTP/1.1', 'Host: evil.example'], status: 421 }, // prettier-ignore
  { what: 'a foreign name, for a probe', lines: ['GET /livez HTTP/1.1', 'Host: 10.1.2.3:8002'], status: 200 },
  { what: 'a foreign name, for readiness', lines: ['GET /readyz HTTP/1.1', 'Host: pod.example'], status: 200 },
  { what: 'a foreign name, for what only looks like a probe', lines: ['GET /livez/../docs HTTP/1.1', 'Host: evil.example'], status: 421 }, // prettier-ignore
  { what: 'no host, as HTTP/1.0 may', lines: ['GET /api/v1/health HTTP/1.0'], status: 421 },
  { what: 'no host, as HTTP/1.0 may, for a probe', lines: ['GET /livez HTTP/1.0'], status: 200 },
  { what: 'no host, as HTTP/1.1 may not', lines: ['GET /livez HTTP/1.1'], status: 400 },
  { what: 'two hosts', lines: ['GET /docs HTTP/1.1', 'Host: localhost', 'Host: evil.example'], status: 421 },
  { what: 'two hosts the other way', lines: ['GET /docs HTTP/1.1', 'Host: evil.example', 'Host: localhost'], status: 421 }, // prettier-ignore
  { what: 'its own name in the target', lines: ['GET http://localhost/docs HTTP/1.1', 'Host: localhost'], status: 200 },
  { what: 'another name in the target', lines: ['GET http://evil.example/docs HTTP/1.1', 'Host: localhost'], status: 421 }, // prettier-ignore
];
for (const { what, lines, status } of hosts) {
  test(`asked under ${what}, it answers ${status}`, async () => {
    expect(await sayRaw(open.port, [...lines, 'Connection: close'])).toBe(status);
  });
}

test('who asks under another host is told which problem it is, before its key is looked at', async () => {
  const answer = await keyed.ask('GET', '/metrics'); // without a socket there is no host to ask about
  expect(answer.status).toBe(401);
  expect(await sayRaw(keyed.port, ['GET /metrics HTTP/1.1', 'Host: evil.example'])).toBe(421);
  const page = await keyed.app.request('/metrics', { headers: { authorization: `Bearer ${reader.text}` } });
  expect(await page.text()).toContain('agent_requests_refused_total{reason="misdirected"} 1');
});

const create = { instance_id: 'a', mode: 'webhook', require_approval: false };
const post = (agent: ListeningAgent, headers: Record<string, string>, body: object = create) =>
  fetch(`${agent.url}/api/v1/workflows`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const bearer = ({ text }: { text: string }) => ({ authorization: `Bearer ${text}` });
const basic = ({ text }: { text: string }, user = '') => ({ authorization: `Basic ${btoa(`${user}:${text}`)}` });

for (const [name, key, status] of [
  ['reader', reader, 403],
  ['operator', operator, 403],
  ['approver', approver, 403],
  ['automation', automation, 202],
] as const) {
  test(`a change without approval by the key of the ${name} is answered ${status}`, async () => {
    const answer = await post(keyed, bearer(key));
    expect(answer.status).toBe(status);
    const body = (await answer.json()) as Record<string, unknown>;
    if (status === 202) expect(body['approval_skipped_by']).toBe('automation');
    else expect(body['type']).toBe('urn:playload:problem:forbidden');
  });
}

test('the refusal says what to do, also to who repeats a request', async () => {
  for (let n = 0; n < 2; n++) {
    const answer = await post(keyed, { ...bearer(operator), 'idempotency-key': 'again' });
    expect(((await answer.json()) as { detail: string }).detail).toContain('leave `require_approval` at true');
  }
  expect((await post(keyed, bearer(operator), { ...create, mode: 'dry_run' })).status).toBe(202);
  expect((await post(keyed, bearer(operator), { ...create, require_approval: true })).status).toBe(202);
});

for (const path of ['approve', '%61pprove', 'appro%76e', 'approve?x=/cancel', 'reject', 'approve/', 'APPROVE']) {
  test(`the key of the operator decides nothing by /${path}`, async () => {
    const made = await post(keyed, bearer(operator), { instance_id: 'a' });
    const url = `${keyed.url}${made.headers.get('location') ?? ''}/${path}`;
    const headers = { ...bearer(operator), 'content-type': 'application/json' };
    expect([403, 404]).toContain((await fetch(url, { method: 'POST', headers, body: '{}' })).status);
  });
}

const openScopes = [
  { scopes: '', status: 403 },
  { scopes: 'read,operate,approve,skip_approval', status: 202 },
  { scopes: 'read', status: 403 },
];
for (const { scopes, status } of openScopes) {
  test(`an open agent with the scopes \`${scopes}\` answers a change without approval by ${status}`, async () => {
    const agent = await startListeningAgent({ OPEN_SCOPES: scopes });
    expect((await post(agent, {})).status).toBe(status);
    expect((await fetch(`${agent.url}/api/v1/workflows`)).status).toBe(200);
    await agent.stop();
  });
}

const shown: { what: string; headers: Record<string, string>; status: number }[] = [
  { what: 'a bearer token', headers: bearer(reader), status: 200 },
  { what: 'a password', headers: basic(reader), status: 200 },
  { what: 'a password of some user', headers: basic(reader, 'somebody'), status: 200 },
  { what: 'a scheme in small letters', headers: { authorization: `basic ${btoa(`me:${reader.text}`)}` }, status: 200 },
  { what: 'a password with a colon', headers: basic({ text: `x:${reader.text}` }), status: 401 },
  { what: 'a key as the user', headers: { authorization: `Basic ${btoa(`${reader.text}:`)}` }, status: 401 },
  { what: 'a password that is no key', headers: basic({ text: 'pl_wrong' }), status: 401 },
  { what: 'a text that is no base64', headers: { authorization: 'Basic ***' }, status: 401 },
  { what: 'another scheme', headers: { authorization: `Digest ${reader.text}` }, status: 401 },
  { what: 'two keys', headers: { authorization: `Bearer ${reader.text}, Bearer x` }, status: 401 },
];
for (const { what, headers, status } of shown) {
  test(`a key as ${what} is answered ${status}`, async () => {
    expect((await fetch(`${keyed.url}/api/v1/config`, { headers })).status).toBe(status);
  });
}

for (const [what, method, accept, challenges] of [
  ['a client', 'GET', 'application/json', 'Bearer realm="performance agent"'],
  ['a browser that opens a page', 'GET', 'text/html,*/*;q=0.8', 'Basic realm="performance agent", charset="UTF-8", Bearer realm="performance agent"'], // prettier-ignore
  ['a browser that sends a form', 'POST', 'text/html,*/*;q=0.8', 'Bearer realm="performance agent"'],
] as const) {
  test(`${what} without a key is asked for ${challenges.split(' ')[0]}`, async () => {
    const answer = await fetch(`${keyed.url}/api/v1/workflows`, { method, headers: { accept } });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, challenges]);
  });
}
