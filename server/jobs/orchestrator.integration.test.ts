/** The agent's side of the orchestrator's protocol, against an orchestrator that forgets, fails and is not there. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import pino from 'pino';
import { LivedTime } from '../testing/lived-time.ts';
import { test } from '../testing/plain-test.ts';
import { Orchestrator } from './orchestrator.ts';

interface Call {
  readonly path: string;
  readonly body: unknown;
}

let server: Server;
let calls: Call[];
/** What the next call of a path is answered with, 0 for nothing at all; 201 or 200 when nothing is planned. */
let planned: Map<string, number[]>;

test.beforeEach(async () => {
  calls = [];
  planned = new Map();
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const path = request.url ?? '';
      calls.push({ path, body: JSON.parse(text) });
      const registered = path === '/agents/register';
      const status = planned.get(path)?.shift() ?? (registered ? 201 : 200);
      if (status === 0) return;
      response.writeHead(status, { 'content-type': 'application/json' });
      const answer = { agent_id: 'a-1', registered_at: '', heartbeat_url: '/agents/a-1/heartbeat', heartbeat_interval_seconds: 30 }; // prettier-ignore
      response.end(JSON.stringify(registered ? answer : {}));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

test.afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function agent(): Orchestrator {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const log = pino({ level: 'silent' });
  // A second of the protocol is a millisecond here.
  return new Orchestrator({
    url,
    name: 'agent',
    type: 'performance',
    host: '127.0.0.1',
    port: 8002,
    log,
    waitFactor: 0.001,
  });
}

const paths = () => calls.map(({ path }) => path);
const until = (check: () => boolean) => expect.poll(check, { intervals: [5], timeout: 20_000 }).toBe(true);

test('it registers, sends heartbeats and takes leave', async () => {
  const orchestrator = agent();
  orchestrator.start();
  await until(() => calls.length >= 4);
  expect(orchestrator.state).toBe('registered');
  await orchestrator.stop();
  expect(calls[0]).toEqual({ path: '/agents/register', body: { name: 'agent', type: 'performance', host: '127.0.0.1', port: 8002 } }); // prettier-ignore
  expect(new Set(paths().slice(1, -1))).toEqual(new Set(['/agents/a-1/heartbeat']));
  expect(paths().at(-1)).toBe('/agents/a-1/unregister');
});

test('it registers anew when it has been forgotten', async () => {
  planned.set('/agents/a-1/heartbeat', [200, 404]);
  const orchestrator = agent();
  orchestrator.start();
  await until(() => paths().filter((path) => path === '/agents/register').length === 2);
  await until(() => orchestrator.state === 'registered');
  await orchestrator.stop();
});

test('it tries again until it is registered, and is silent about a heartbeat that fails once', async () => {
  planned.set('/agents/register', [500, 503, 200]); // 200 is not what was agreed upon
  planned.set('/agents/a-1/heartbeat', [500]);
  const orchestrator = agent();
  orchestrator.start();
  await until(() => paths().filter((path) => path === '/agents/a-1/heartbeat').length >= 2);
  expect(paths().slice(0, 4)).toEqual(Array.from({ length: 4 }, () => '/agents/register'));
  await orchestrator.stop();
});

test('an orchestrator that is not there troubles nobody', async () => {
  server.close();
  await once(server, 'close');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const orchestrator = agent();
  server.close();
  orchestrator.start();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(orchestrator.state).toBe('unregistered');
  await orchestrator.stop();
});

for (const path of ['/agents/register', '/agents/a-1/heartbeat', '/agents/a-1/unregister'])
  test(`an orchestrator that does not answer ${path} does not hold up who stops`, async () => {
    planned.set(path, [0]);
    const orchestrator = agent();
    orchestrator.start();
    await until(() => paths().includes(path.replace('unregister', 'heartbeat')));
    const lived = new LivedTime();
    await orchestrator.stop();
    lived.stop();
    expect(lived.nowMs()).toBeLessThan(4_000); // an answer is awaited for 5 s, a farewell for 2
    expect(paths().includes('/agents/a-1/unregister')).toBe(path !== '/agents/register');
  });
