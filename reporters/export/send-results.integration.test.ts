/** What a receiver really gets over HTTP, and what is said when it does not take it. */
import { createServer } from 'node:http';
import { expect } from '@playwright/test';
import { listening } from '../../testing/listening.ts';
import { asCollectorReads } from '../../testing/otlp-schema.ts';
import { sampleReport, sampleRun, sampleSummary } from '../../testing/page-run.ts';
import { test } from '../../testing/plain-test.ts';
import { type Answer, receivers } from '../../testing/receiver.ts';
import { Mishaps } from '../mishaps.ts';
import type { ExportOptions } from '../options.ts';
import { exportRuns } from './exports.ts';
import { prometheusText } from './prometheus-text.ts';
import { sendersOf } from './send-results.ts';

const receiver = receivers();
const { listen } = listening();
/** The address of a receiver that answers 400, and more than anybody reads. */
async function endless(): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(400);
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', more);
    request.resume().on('end', more);
  });
  return `http://127.0.0.1:${await listen(server)}`;
}
const run = sampleReport({
  ...sampleRun({ seconds: 10 }),
  segments: sampleRun({ seconds: 10 }).segments.map((segment) => ({
    ...segment,
    target: { origins: ['https://api.example.com'], ownServer: false },
  })),
});
const github = {
  GITHUB_ACTIONS: 'true',
  GITHUB_WORKFLOW: 'Nightly',
  GITHUB_RUN_ID: '77',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_JOB: 'load',
  GITHUB_REF_NAME: 'main',
};
const exported = { runs: [run], environment: { commit: '0123abcd' }, env: github };

async function send(exports: ExportOptions): Promise<string[]> {
  const answers = await Promise.all(sendersOf(exports).map(async ({ send: each }) => each(exported)));
  return answers.flat();
}

async function refusal(exports: ExportOptions): Promise<string> {
  return send(exports).then(
    () => 'taken',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

test('a collector gets the course of a run, with server, statuses, commit and pipeline', async () => {
  const { url, received } = await receiver();
  expect(await send({ otlp: url })).toEqual([]);
  expect(received.map(({ method, path, headers }) => [method, path, headers['content-type']])).toEqual([
    ['POST', '/v1/metrics', 'application/json'],
  ]);
  const request: unknown = JSON.parse(received[0]?.body.toString() ?? '');
  expect(asCollectorReads(request)).toEqual(request);
  const text = JSON.stringify(request);
  for (const [key, value] of [
    ['server.address', { stringValue: 'api.example.com' }],
    ['server.port', { intValue: '443' }],
    ['http.response.status_code', { intValue: '503' }],
    ['http.request.method', { stringValue: 'DELETE' }],
    ['url.template', { stringValue: '/api/v1/workflows/:id' }],
    ['vcs.ref.head.revision', { stringValue: '0123abcd' }],
    ['vcs.ref.head.name', { stringValue: 'main' }],
    ['cicd.pipeline.name', { stringValue: 'Nightly' }],
    ['cicd.pipeline.run.id', { stringValue: '77' }],
    ['cicd.pipeline.run.url.full', { stringValue: 'https://github.com/acme/shop/actions/runs/77' }],
    ['cicd.pipeline.task.name', { stringValue: 'load' }],
  ] as const)
    expect(text).toContain(JSON.stringify({ key, value }));
  const times = new Set([...text.matchAll(/"timeUnixNano":"(\d+)"/g)].map(([, time]) => time));
  expect(times.size).toBeGreaterThanOrEqual(10);
});

test('a push gateway gets the text under the job that the address names', async () => {
  const { url, received } = await receiver();
  await send({ pushgateway: url });
  await send({ pushgateway: { url: `${url}/metrics/job/nightly/suite/api`, headers: { 'x-scope': 'a' } } });
  expect(received.map(({ method, path, headers }) => [method, path, headers['x-scope']])).toEqual([
    ['PUT', '/metrics/job/playload', undefined],
    ['PUT', '/metrics/job/nightly/suite/api', 'a'],
  ]);
  expect(received[0]?.body.toString()).toBe(prometheusText(exported));
});

const again: readonly { readonly what: string; readonly answers: readonly Answer[]; readonly attempts: number }[] = [
  { what: '503 and then 200', answers: [{ status: 503 }, {}], attempts: 2 },
  { what: '429 with Retry-After', answers: [{ status: 429, headers: { 'retry-after': '0' } }, {}], attempts: 2 },
  { what: 'a closed connection', answers: [{ dropped: true }, {}], attempts: 2 },
  { what: '400, which no repetition mends', answers: [{ status: 400 }], attempts: 1 },
  {
    what: '503 for ever',
    answers: [{ status: 503, headers: { 'retry-after': '0' } }],
    attempts: 4,
  },
];
for (const { what, answers, attempts } of again) {
  test(`after ${what} a request was sent ${attempts} times`, async () => {
    const { url, received } = await receiver(answers);
    const said = await refusal({ otlp: url });
    expect(received).toHaveLength(attempts);
    expect(said).toMatch(answers.length === 1 ? /^`http:.+` answered (400|503)/ : /^taken$/);
  });
}

for (const headers of [{ 'not a name': 'x' }, { 'x-key': 'two\nlines' }]) {
  test(`${JSON.stringify(headers)} cannot be sent, which is said at once`, async () => {
    const { url, received } = await receiver();
    const tookMs: number[] = [];
    for (let n = 0; n < 3; n++) {
      const began = performance.now();
      expect(await refusal({ otlp: { url, headers } })).toMatch(/^`http:.+` cannot be asked: .*header/i);
      tookMs.push(performance.now() - began);
    }
    expect(Math.min(...tookMs)).toBeLessThan(1_500); // sent again, each would have taken longer
    expect(received).toEqual([]);
  });
}

/** Too short for the pauses that are asked for, and long enough for an answer of however busy a machine. */
const patientMs = 20_000;

test('a receiver that is away for good is told as that', async () => {
  expect(await refusal({ otlp: { url: 'http://127.0.0.1:2', timeoutMs: 1_500 } })).toMatch(
    /^`http:.+` could not be reached: .*ECONNREFUSED.*, and there was no time/,
  );
});

test('all of it has one limit, whatever a receiver asks for', async () => {
  const { url, received } = await receiver([{ status: 503, headers: { 'retry-after': '3600' }, body: 'later' }]);
  const began = performance.now();
  expect(await refusal({ otlp: { url, timeoutMs: patientMs } })).toContain(
    'answered 503: later, and there was no time',
  );
  expect(performance.now() - began).toBeLessThan(5_000); // nobody waits for what comes too late
  expect(received).toHaveLength(1);
});

test('a pause that no timer can wait for is not taken for none', async () => {
  const { url, received } = await receiver([{ status: 429, headers: { 'retry-after': '9999999' } }]);
  expect(await refusal({ otlp: { url, timeoutMs: patientMs } })).toContain('answered 429: , and there was no time');
  expect(received).toHaveLength(1);
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`a ${status} to elsewhere is told, and nothing that opens a door goes there`, async () => {
    const elsewhere = await receiver();
    const { url, received } = await receiver([
      { status, headers: { location: `${elsewhere.url}/login?token=s3cr3t` } },
    ]);
    const said = await refusal({ otlp: { url, headers: { 'x-tenant-key': 'k3y-4f9a77e1' } } });
    expect(said).toContain(`answered ${status}, a redirect to \`${elsewhere.url}/login`);
    expect(said).not.toContain('s3cr3t');
    expect([received.length, elsewhere.received.length]).toEqual([1, 0]);
  });
}

test('a receiver that never ends its answer holds nobody up, and fills no memory', async () => {
  const said = await refusal({ otlp: { url: await endless(), timeoutMs: patientMs } });
  expect(said).toMatch(/^`http:\S+` answered 400: x+$/);
});

test('a collector that takes a part is told of by how much it left, and by its words', async () => {
  const partial = (rejected: number | string) =>
    JSON.stringify({ partialSuccess: { rejectedDataPoints: rejected, errorMessage: 'too old' } });
  const some = await receiver([{ body: partial('3') }]);
  expect(await refusal({ otlp: some.url })).toBe('the collector took all but 3 points: too old');
  const none = await receiver([{ body: partial(0) }]);
  expect(await send({ otlp: none.url })).toEqual(['too old']);
  const noJson = await receiver([{ body: 'OK' }]);
  expect(await send({ otlp: noJson.url })).toEqual([]);
});

test('what was sent to open a door is in no message, whatever the receiver answers', async () => {
  const secret = 'k3y-4f9a77e1';
  const { url, received } = await receiver([{ status: 401, body: `no such key: ${secret}; Basic dXNlcjpodW50ZXIy` }]);
  const withUser = url.replace('http://', 'http://user:hunter2@');
  const said = await refusal({ remoteWrite: { url: withUser, headers: { 'x-tenant-key': secret } } });
  expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('user:hunter2').toString('base64')}`);
  expect(said).toContain('answered 401: no such key: ***');
  for (const word of [secret, 'hunter2', 'dXNlcjpodW50ZXIy']) expect(said).not.toContain(word);
});

test('a shard whose rest is elsewhere sends nothing: the merge does, once', async () => {
  const { url, received } = await receiver();
  const said: string[] = [];
  const parts = {
    summary: sampleSummary([run]),
    around: { env: {} },
    exports: { otlp: url, pushgateway: url, remoteWrite: url },
    outputFolder: undefined,
    configDir: '/',
    mishaps: new Mishaps((line) => said.push(line)),
  };
  await exportRuns({ ...parts, runs: [{ ...run, awaitsMerge: true }] });
  expect(received).toEqual([]);
  await exportRuns({ ...parts, runs: [{ ...run, awaitsMerge: false }] });
  expect([...new Set(received.map(({ path }) => path))]).toEqual([
    '/v1/metrics',
    '/metrics/job/playload',
    '/api/v1/write',
  ]);
  expect(said).toEqual([]);
});

test('a remark of a receiver that took all is one line, and fails nothing', async () => {
  const { url } = await receiver([{ body: JSON.stringify({ partialSuccess: { errorMessage: 'use\ngzip' } }) }]);
  const said: string[] = [];
  const mishaps = new Mishaps((line) => said.push(line));
  const around = { env: {} };
  const exports = { otlp: url };
  await exportRuns({
    runs: [run],
    summary: sampleSummary([run]),
    around,
    exports,
    outputFolder: undefined,
    configDir: '/',
    mishaps,
  });
  expect(said).toEqual(['load reporter: OTLP export: the receiver took all, and says: use gzip\n']);
  expect(mishaps.unwritten).toEqual([]);
});
