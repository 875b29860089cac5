import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { crossSiteProblem } from './cross-site.ts';

const host = 'agent.example:8002';

/** What came, and whether a change and a read may go on. */
const cases: { what: string; headers: Record<string, string>; change: boolean; read: boolean }[] = [
  { what: 'neither header', headers: {}, change: true, read: true },
  { what: 'its own page', headers: { 'sec-fetch-site': 'same-origin', origin: `http://${host}` }, change: true, read: true }, // prettier-ignore
  { what: 'its own page behind TLS', headers: { origin: `https://${host}` }, change: true, read: true },
  { what: 'its own page in capitals', headers: { origin: `HTTP://Agent.Example:8002` }, change: true, read: true },
  { what: 'the address bar', headers: { 'sec-fetch-site': 'none' }, change: true, read: true },
  { what: 'another site', headers: { 'sec-fetch-site': 'cross-site' }, change: false, read: false },
  { what: 'another port', headers: { 'sec-fetch-site': 'same-site' }, change: false, read: false },
  { what: 'a link on another site', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, change: false, read: true }, // prettier-ignore
  { what: 'a frame on another site', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, change: false, read: false }, // prettier-ignore
  { what: 'an embedded object on another port', headers: { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'object' }, change: false, read: false }, // prettier-ignore
  { what: 'an image on another site', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, change: false, read: false }, // prettier-ignore
  { what: 'two answers to where from', headers: { 'sec-fetch-site': 'same-origin, cross-site' }, change: false, read: false }, // prettier-ignore
  { what: 'an unknown word', headers: { 'sec-fetch-site': 'elsewhere' }, change: false, read: false },
  { what: 'a foreign origin', headers: { origin: 'http://evil.example' }, change: false, read: true },
  { what: 'another port as origin', headers: { origin: 'http://agent.example:9' }, change: false, read: true },
  { what: 'an origin without the port', headers: { origin: 'http://agent.example' }, change: false, read: true },
  { what: 'an origin that only begins so', headers: { origin: `http://${host}.evil.example` }, change: false, read: true }, // prettier-ignore
  { what: 'no origin in words', headers: { origin: 'null' }, change: false, read: true },
  { what: 'an empty origin', headers: { origin: '' }, change: false, read: true },
  { what: 'an extension', headers: { origin: `chrome-extension://${host}` }, change: false, read: true },
  { what: 'its own site, a foreign origin', headers: { 'sec-fetch-site': 'same-origin', origin: 'http://evil.example' }, change: false, read: true }, // prettier-ignore
];
for (const { what, headers, change, read } of cases) {
  test(`${what}: a change is ${change ? 'taken' : 'refused'}, a read is ${read ? 'answered' : 'refused'}`, () => {
    const passes = (changes: boolean) => crossSiteProblem({ headers: { host, ...headers }, changes }) === undefined;
    expect([passes(true), passes(false)]).toEqual([change, read]);
  });
}
