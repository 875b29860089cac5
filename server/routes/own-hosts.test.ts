import type { IncomingMessage } from 'node:http';
import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { HostList } from '../jobs/host-list.ts';
import { OwnHosts } from './own-hosts.ts';

const hosts = new OwnHosts({
  own: ['0.0.0.0', 'agent.example', undefined],
  more: new HostList(['*.ops.example', 'proxied.example:8443', '10.0.0.0/8', '[fd00::7]']),
});

/** As Node shows a request that came to 172.17.0.2. */
function incoming(given: readonly string[], url = '/'): IncomingMessage {
  return {
    url,
    rawHeaders: ['Accept', '*/*', ...given.flatMap((host) => ['Host', host])],
    headers: given[0] === undefined ? {} : { host: given[0] },
    socket: { localAddress: '::ffff:172.17.0.2' },
  } as unknown as IncomingMessage;
}

const cases: { host: string; own: boolean }[] = [
  { host: 'localhost', own: true },
  { host: 'localhost:8002', own: true },
  { host: 'LOCALHOST:8002', own: true },
  { host: 'localhost.', own: true },
  { host: 'localhost.:8002', own: true },
  { host: 'localhost:', own: true },
  { host: 'agent.localhost:9000', own: true },
  { host: 'notlocalhost', own: false },
  { host: 'localhost.evil.example', own: false },
  { host: '127.0.0.1:8002', own: true },
  { host: '127.200.3.4', own: true },
  { host: '128.0.0.1', own: false },
  { host: '127.0.0.1.evil.example', own: false },
  { host: '[::1]:8002', own: true },
  { host: '[0:0:0:0:0:0:0:1]', own: true },
  { host: '::1', own: false }, // an address of IPv6 stands in brackets
  { host: '[::2]', own: false },
  { host: '0.0.0.0:8002', own: false }, // where it listens, but nobody's name
  { host: 'agent.example', own: true },
  { host: 'Agent.Example.:443', own: true },
  { host: 'sub.agent.example', own: false },
  { host: 'a.b.ops.example', own: true },
  { host: 'ops.example', own: false },
  { host: 'evilops.example', own: false },
  { host: 'proxied.example:8443', own: true },
  { host: 'proxied.example:8444', own: false },
  { host: 'proxied.example', own: false },
  { host: '10.1.2.3:8002', own: true },
  { host: '[fd00:0::7]', own: true },
  { host: '172.17.0.2:8002', own: true }, // the address that the connection came to
  { host: '172.17.0.3:8002', own: false },
  { host: 'evil.example', own: false },
  { host: 'evil.example:8002', own: false },
  { host: 'localhost@evil.example', own: false },
  { host: 'localhost/evil', own: false },
  { host: 'localhost, evil.example', own: false },
  { host: 'localhost:80:80', own: false },
  { host: 'localhost:999999', own: false },
  { host: '2130706433', own: false },
  { host: '', own: false },
  { host: '.', own: false },
];
for (const { host, own } of cases) {
  test(`\`${host}\` is ${own ? 'this agent' : 'somebody else'}, also when asked again`, () => {
    expect([hosts.isMeant(incoming([host])), hosts.isMeant(incoming([host]))]).toEqual([own, own]);
  });
}

const targets: { what: string; given: string[]; url?: string; own: boolean }[] = [
  { what: 'no Host', given: [], own: false },
  { what: 'two Hosts', given: ['localhost', 'evil.example'], own: false },
  { what: 'the same Host twice', given: ['localhost', 'localhost'], own: false },
  { what: 'a target that names this agent', given: ['localhost'], url: 'http://localhost:8002/livez', own: true },
  { what: 'a target that names another', given: ['localhost'], url: 'http://evil.example/', own: false },
  { what: 'a target of this agent under another Host', given: ['evil.example'], url: 'http://localhost/', own: false },
  { what: 'a path that holds a URL', given: ['localhost'], url: '/?to=http://evil.example/', own: true },
  { what: 'a target that is no URL', given: ['localhost'], url: 'http://[/', own: false },
];
for (const { what, given, url, own } of targets) {
  test(`${what} is ${own ? 'let in' : 'refused'}`, () => {
    expect(hosts.isMeant(incoming(given, url))).toBe(own);
  });
}

test('however many names there are, only so many are remembered, and all are answered', () => {
  const asked = Array.from({ length: 2_500 }, (_, n) => hosts.isMeant(incoming([`n${n}.ops.example`])));
  expect(asked.every(Boolean)).toBe(true);
});
