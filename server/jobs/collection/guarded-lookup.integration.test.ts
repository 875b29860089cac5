/** What is connected to is what was checked, whatever a name says before and after. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { AllowedHosts } from './allowed-hosts.ts';
import { fetchPage } from './fetch-page.ts';
import type { Resolve } from './guarded-lookup.ts';

let server: Server;
let port: number;
/** By the address that they came to. */
let asked: (string | undefined)[];

test.beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.socket.localAddress);
    if (request.url === '/moved') response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    else response.end('vllm:num_requests_running 1\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
test.afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Answers each question by the next of these, and then always by the last. */
function resolver(...answers: readonly string[][]) {
  let questions = 0;
  const resolve: Resolve = (_, options, found) => {
    expect(options.all).toBe(true);
    const addresses = answers[Math.min(questions++, answers.length - 1)] ?? [];
    found(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { resolve, questions: () => questions };
}

const allowed = new AllowedHosts(['vllm.internal', 'localhost']);
const get = (resolve: Resolve, { path = '/', hosts = allowed } = {}) =>
  fetchPage({ url: new URL(`http://vllm.internal:${port}${path}`), allowed: hosts, timeoutMs: 20_000, resolve });

test('a name is asked about once, and led to where it was said to be', async () => {
  const { resolve, questions } = resolver(['127.0.0.1'], ['169.254.169.254']);
  expect(await get(resolve)).toBe('vllm:num_requests_running 1\n');
  expect([questions(), asked]).toEqual([1, ['127.0.0.1']]);
});

test('a name that leads elsewhere the next time is refused then', async () => {
  const { resolve, questions } = resolver(['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1']);
  await get(resolve);
  await expect(get(resolve)).rejects.toMatchObject({ kind: 'upstream-forbidden' });
  await get(resolve);
  expect([questions(), asked.length]).toEqual([3, 2]);
});

const refused: { what: string; addresses: string[] }[] = [
  { what: 'cloud metadata', addresses: ['169.254.169.254'] },
  { what: 'cloud metadata as IPv6', addresses: ['fd00:ec2::254'] },
  { what: 'cloud metadata through NAT64', addresses: ['64:ff9b::a9fe:a9fe'] },
  { what: 'several, the last of them forbidden', addresses: ['127.0.0.1', 'fe80::1%eth0'] },
  { what: 'several, the first of them forbidden', addresses: ['::ffff:a9fe:a9fe', '127.0.0.1'] },
];
for (const { what, addresses } of refused) {
  test(`a name that leads to ${what} is not connected to`, async () => {
    await expect(get(resolver(addresses).resolve)).rejects.toMatchObject({ kind: 'upstream-forbidden' });
    expect(asked).toEqual([]);
  });
}

test('a name leads to loopback only where loopback is on the list', async () => {
  const hosts = new AllowedHosts(['vllm.internal']);
  await expect(get(resolver(['127.0.0.1']).resolve, { hosts })).rejects.toMatchObject({ kind: 'upstream-forbidden' });
  expect(asked).toEqual([]);
});

test('a name without an address is unreachable', async () => {
  await expect(get(resolver([]).resolve)).rejects.toMatchObject({ kind: 'upstream-unreachable' });
});

test('a redirect is not followed', async () => {
  const { resolve } = resolver(['127.0.0.1']);
  await expect(get(resolve, { path: '/moved' })).rejects.toMatchObject({ kind: 'upstream-bad-status' });
  expect(asked).toHaveLength(1);
});
