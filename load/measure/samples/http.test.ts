import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { sampleOf } from '../../../testing/virtual-run.ts';
import { EndpointNames } from './endpoint-name.ts';
import { http, type HttpSample, type RequestDetails } from './http.ts';
import { phaseNames } from './phases.ts';

const answered: HttpSample = {
  ...sampleOf('/a/1?token=hush', { calledAtMs: 100, endedAtMs: 120, status: 200 }),
  ...{ method: 'PUT', sentAtMs: 103, waitingMs: 13, receivingMs: 4 },
};

const rules = { expectStatus: (status: number) => status === 404 };
const answers = [
  { status: 404, good: true, error: { kind: 'HTTP 404', text: 'PUT http://server/a/1?token=hush answered 404' } },
  { status: 200, good: false, error: { kind: 'HTTP 200', text: 'PUT http://server/a/1?token=hush answered 200' } },
  {
    status: undefined,
    good: false,
    error: { kind: 'HTTP ?', text: 'PUT http://server/a/1?token=hush answered without a status' },
  },
];
for (const { status, good, error } of answers)
  test(`a status of ${status ?? 'nothing'} is ${good ? 'good' : 'an error'} where 404 is expected`, () => {
    const sample = { ...answered, status };
    expect([http.isGood(sample, rules), http.answerOf(sample), http.errorOf(sample)]).toEqual([good, status, error]);
  });

test('its row is the name it was given, or method and template', () => {
  const names = new EndpointNames();
  expect([http.rowOf(answered, names), http.rowOf({ ...answered, name: 'save' }, names)]).toEqual([
    'PUT /a/:id',
    'save',
  ]);
});

const bounds = { fromMs: 98, toMs: 120 };
const phases: readonly {
  readonly say: string;
  readonly given: Partial<HttpSample>;
  readonly filed: Readonly<Record<string, number>>;
  readonly blockedMs: number;
}[] = [
  { say: 'on a connection that was there', given: {}, filed: { receiving: 4, waiting: 13 }, blockedMs: 5 },
  {
    say: 'on a connection of its own',
    given: { dnsMs: 1, connectMs: 2, tlsMs: 1.5 },
    filed: { receiving: 4, dns: 1, connect: 2, tls: 1.5, waiting: 13 },
    blockedMs: 0.5,
  },
  {
    say: 'to an address, in the clear: no name was asked for, no handshake made',
    given: { dnsMs: 0, connectMs: 2, tlsMs: undefined },
    filed: { receiving: 4, connect: 2, waiting: 13 },
    blockedMs: 3,
  },
  {
    say: 'whose connection took longer than it waited: it was begun for another',
    given: { connectMs: 9 },
    filed: { receiving: 4, connect: 9, waiting: 9 },
    blockedMs: 0,
  },
  { say: 'that was never sent', given: { sentAtMs: undefined, receivingMs: undefined }, filed: {}, blockedMs: 22 },
  {
    say: 'that was sent after it was given up',
    given: { sentAtMs: 125, receivingMs: undefined },
    filed: { waiting: 0 },
    blockedMs: 22,
  },
  { say: 'never answered', given: { receivingMs: undefined }, filed: { waiting: 17 }, blockedMs: 5 },
  { say: 'of which all is receiving', given: { receivingMs: 30 }, filed: { receiving: 30, waiting: 0 }, blockedMs: 5 },
];
for (const { say, given, filed, blockedMs } of phases)
  test(`the phases of a request ${say}`, () => {
    const seen: Record<string, number> = {};
    const into = Object.fromEntries(
      phaseNames.map((name) => [name, { recordMs: (ms: number) => void (seen[name] = ms) }]),
    ) as unknown as Parameters<typeof http.filePhases>[2];
    expect(http.filePhases({ ...answered, ...given }, bounds, into)).toBe(blockedMs);
    expect(seen).toEqual(filed);
  });

const shown: RequestDetails = {
  requestHeaders: { authorization: 'Bearer abcdef', accept: 'text/html' },
  requestBody: '{"password":"hush","name":"ann"}',
  responseHeaders: { 'set-cookie': 'sid=hush', date: 'today' },
  responseBody: 'x'.repeat(5_000),
};

test('an exemplar shows the request with its secrets masked, and the head of its bodies', () => {
  const details = http.detailsOf({ ...answered, dnsMs: 1, details: () => shown }, true);
  expect(details).toMatchObject({
    method: 'PUT',
    status: 200,
    phases: { dns: 1, waiting: 13, receiving: 4 },
    responseBody: `${'x'.repeat(4_096)}… (904 more characters)`,
  });
  expect(details.requestHeaders['accept']).toBe('text/html');
  expect(details.responseHeaders['date']).toBe('today');
  expect(details.requestBody).toContain('ann');
  expect(JSON.stringify(details)).not.toMatch(/hush|abcdef/);
});

test('a body that fits is whole, one that is absent or not to be kept is absent, as is a status', () => {
  const short = { ...shown, responseBody: 'y'.repeat(4_096), requestBody: undefined };
  expect(http.detailsOf({ ...answered, status: undefined, details: () => short }, true)).toEqual({
    method: 'PUT',
    url: expect.stringContaining('http://server/a/1'),
    phases: { waiting: 13, receiving: 4 },
    requestHeaders: expect.anything(),
    responseHeaders: expect.anything(),
    responseBody: 'y'.repeat(4_096),
  });
  expect(Object.keys(http.detailsOf({ ...answered, details: () => shown }, false))).toEqual([
    'method',
    'url',
    'status',
    'phases',
    'requestHeaders',
    'responseHeaders',
  ]);
});
