/** What the doctor says of a server that answers, that does not, and whose certificate nobody trusts. */
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { serverKeys } from '../../testing/certificate.ts';
import { serverFinding } from './server.ts';

const status =
  (code: number): RequestListener =>
  (_, response) => {
    response.statusCode = code;
    response.end();
  };

const served = [
  { what: 'answers', code: 200, state: 'fine', says: 'answers 200' },
  { what: 'sends elsewhere', code: 302, state: 'fine', says: 'answers 302' },
  {
    what: 'has nothing at its root',
    code: 404,
    state: 'note',
    says: 'answers 404, and a load of this very address fails',
  },
  { what: 'is broken', code: 503, state: 'note', says: 'answers 503' },
];
for (const { what, code, state, says } of served) {
  test(`a server that ${what} is ${state}`, async () => {
    const server = createServer(status(code)).listen(0, '127.0.0.1');
    await new Promise((up) => server.once('listening', up));
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const finding = await serverFinding({ baseURL, ignoreHTTPSErrors: false, isStarted: false, isHeard: false });
    server.close();
    expect(finding).toMatchObject({ state, says: `${baseURL} ${says}` });
  });
}

for (const ignoreHTTPSErrors of [false, true]) {
  test(`a certificate that nobody has signed is ${ignoreHTTPSErrors ? 'fine where that is said' : 'bad'}`, async () => {
    const server = createSecureServer(serverKeys(), status(200)).listen(0, '127.0.0.1');
    await new Promise((up) => server.once('listening', up));
    const baseURL = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const finding = await serverFinding({ baseURL, ignoreHTTPSErrors, isStarted: false, isHeard: false });
    server.closeAllConnections();
    server.close();
    expect(finding.state).toBe(ignoreHTTPSErrors ? 'fine' : 'bad');
    if (!ignoreHTTPSErrors) expect(finding.advice).toContain('ignoreHTTPSErrors: true');
  });
}

const absent = 'http://127.0.0.1:1/';
const unasked = [
  { what: 'nobody answers', baseURL: absent, isStarted: false, state: 'bad', says: 'does not answer' },
  { what: 'Playwright starts it', baseURL: absent, isStarted: true, state: 'fine', says: 'Playwright starts it' },
  { what: 'no address', baseURL: undefined, isStarted: false, state: 'note', says: 'no `baseURL`' },
  {
    what: 'no such address',
    baseURL: 'localhost:3000',
    isStarted: false,
    state: 'bad',
    says: 'no address of a server',
  },
  {
    what: 'it says in a run where it listens',
    baseURL: 'http://127.0.0.1:undefined',
    isStarted: true,
    isHeard: true,
    state: 'fine',
    says: 'takes its address from what it says then',
  },
  { what: 'a password', baseURL: 'http://me:secret@127.0.0.1:1/', isStarted: false, state: 'bad', says: 'me:***@' },
];
for (const { what, baseURL, isStarted, isHeard = false, state, says } of unasked) {
  test(`${what}: ${state}`, async () => {
    const finding = await serverFinding({ baseURL, ignoreHTTPSErrors: false, isStarted, isHeard });
    expect(finding.state).toBe(state);
    expect(finding.says).toContain(says);
    expect(finding.says).not.toContain('secret');
  });
}
