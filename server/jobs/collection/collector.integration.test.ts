/** Pages that are slow, broken, wrong or endless, from a real engine on a real socket: each has its own error, and none hangs. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { Fault } from '../../fake-engine/faults.ts';
import { startFakeEngine, type RunningFakeEngine } from '../../fake-engine/server.ts';
import { startTestAgent, type TestAgent } from '../../testing/agent.ts';
import { AllowedHosts } from './allowed-hosts.ts';
import { fetchPage, largestPageBytes } from './fetch-page.ts';

/** For what never comes; and for what comes, on however busy a machine. */
const [impatientMs, patientMs] = [400, 20_000];
const patient = { SCRAPE_TIMEOUT_MS: String(patientMs) };

let agent: TestAgent;
let engine: RunningFakeEngine;
const servers: Server[] = [];

test.beforeEach(async () => {
  agent = await startTestAgent(patient);
  engine = await startFakeEngine({ engine: 'vllm', scenario: 'healthy', speed: 10 });
  await agent.ask('PUT', '/api/v1/instances/v1', { engine: 'vllm', metrics_url: engine.metricsUrl });
});

test.afterEach(async () => {
  await agent.stop();
  await engine.stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (response: ServerResponse) => void): Promise<URL> {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
}

const collect = (body: object = {}) => agent.ask('POST', '/api/v1/collect/vllm', { instance_id: 'v1', ...body });

interface Collected {
  readonly snapshot: {
    readonly baseline: string | null;
    readonly running: number | null;
    readonly done: number | null;
  };
}

test('the first page is a baseline, the next one has rates, and the history has both', async () => {
  const first = await collect();
  expect((first.body as Collected).snapshot).toMatchObject({ baseline: 'first', done: null });
  await new Promise((resolve) => setTimeout(resolve, 1_050)); // less would not close an interval
  const { snapshot } = (await collect()).body as Collected;
  expect(snapshot.baseline).toBeNull();
  expect(snapshot.done).toBeGreaterThan(0);
  expect((await agent.ask('GET', '/api/v1/metrics/vllm/v1')).body).toMatchObject({ snapshot });
  const history = await agent.ask('GET', '/api/v1/history/v1?limit=1');
  expect(history.body).toHaveLength(1);
  const next = /<(.*)>; rel="next"/.exec(history.headers.get('link') ?? '')?.[1] ?? '';
  expect((await agent.ask('GET', next)).body).toEqual([snapshot]);
});

test('fifty clients at once are one page for the engine', async () => {
  const before = engine.scrapes();
  const answers = await Promise.all(Array.from({ length: 50 }, () => collect()));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(engine.scrapes() - before).toBe(1);
});

test('who asks after an instance was registered elsewhere gets the page of there', async () => {
  engine.setFault({ kind: 'slow', delay_ms: 200 }, 1);
  const tgi = await startFakeEngine({ engine: 'tgi', scenario: 'healthy' });
  try {
    const before = collect();
    while (engine.scrapes() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await agent.ask('PUT', '/api/v1/instances/v1', { engine: 'tgi', metrics_url: tgi.metricsUrl });
    const after = await agent.ask('POST', '/api/v1/collect/tgi', { instance_id: 'v1' });
    expect([after.status, after.body]).toMatchObject([200, { snapshot: { engine: 'tgi' } }]);
    expect((await before).body).toMatchObject({ snapshot: { engine: 'vllm' } });
  } finally {
    await tgi.stop();
  }
});

const faults = [
  { fault: { kind: 'status', status: 500 }, status: 502, code: 'upstream-bad-status' },
  { fault: { kind: 'redirect', location: 'http://169.254.169.254/' }, status: 502, code: 'upstream-bad-status' },
  { fault: { kind: 'hang' }, status: 504, code: 'upstream-timeout' },
  { fault: { kind: 'stall' }, status: 504, code: 'upstream-timeout' },
  { fault: { kind: 'reset' }, status: 502, code: 'upstream-cut-off' },
  { fault: { kind: 'cut_off' }, status: 502, code: 'bad-metrics-page' },
  { fault: { kind: 'html' }, status: 502, code: 'bad-metrics-page' },
  { fault: { kind: 'empty' }, status: 502, code: 'bad-metrics-page' },
  { fault: { kind: 'huge', bytes: 100_000_000 }, status: 502, code: 'upstream-too-large' },
  { fault: { kind: 'engine', engine: 'tgi' }, status: 422, code: 'wrong-engine' },
] as const satisfies readonly { fault: Fault; status: number; code: string }[];
for (const { fault, status, code } of faults) {
  test(`an engine whose page is ${fault.kind} is answered ${status} ${code}, and works again afterwards`, async () => {
    engine.setFault(fault, 1);
    // What never comes is waited for in vain, however long.
    const answer = await collect(status === 504 ? { timeout_ms: impatientMs } : {});
    expect(answer.body).toMatchObject({ status, type: `urn:playload:problem:${code}` });
    engine.setFault(undefined);
    expect((await collect()).status).toBe(200);
  });
}

const secret = 'sk-9f8e7d6c5b4a';
const leaky: Record<string, string> = {
  'no number': `vllm:num_requests_running ${secret}\n`,
  'no metrics': `${secret}\n`,
  'a login form': `<html><title>${secret}</title></html>\n`,
  'another engine': `tgi_queue_size{token="${secret}"} 1\n`,
  'no engine': `${secret.replaceAll('-', '_')} 1\n`,
  'half a line': `vllm:num_requests_running 1\nvllm:${secret}`,
};
for (const [what, page] of Object.entries(leaky)) {
  test(`a page of ${what} is answered with nothing of it`, async () => {
    const url = await serve((response) => response.end(page));
    await agent.ask('PUT', '/api/v1/instances/v1', { engine: 'vllm', metrics_url: url.href });
    const { status, body } = await collect();
    expect([422, 502]).toContain(status);
    expect(JSON.stringify(body)).not.toMatch(/9f8e7d6c5b4a/);
  });
}

const allowed = new AllowedHosts(['127.0.0.1', 'localhost']);

const pages: { what: string; answer: (response: ServerResponse) => void; kind: string }[] = [
  { what: 'a redirect', kind: 'bad-status', answer: (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end() }, // prettier-ignore
  { what: 'half a page', kind: 'cut-off', answer: (response) => { response.writeHead(200, { 'content-length': 100 }); response.write('half'); setTimeout(() => response.destroy(), 20); } }, // prettier-ignore
  { what: 'a drop every now and then', kind: 'timeout', answer: (response) => { const drip = setInterval(() => response.write('# \n'), 50); response.on('close', () => clearInterval(drip)); } }, // prettier-ignore
  {
    what: 'one byte too many',
    kind: 'too-large',
    answer: (response) => response.end(Buffer.alloc(largestPageBytes + 1, 0x20)),
  },
  // Node's client ends such an exchange without an answer and without an error: it must not be waited for.
  {
    what: 'a change of protocols',
    kind: 'bad-status',
    answer: (response) =>
      response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
  },
];
for (const { what, answer, kind } of pages) {
  test(`${what} is ${kind}`, async () => {
    const url = await serve(answer);
    const timeoutMs = kind === 'timeout' ? impatientMs : patientMs;
    await expect(fetchPage({ url, allowed, timeoutMs })).rejects.toMatchObject({
      name: 'FetchError',
      kind: `upstream-${kind}`,
    });
  });
}

test('a name that leads to an address that no engine may have is refused before anything is sent', async () => {
  let asked = 0;
  const { port } = await serve((response) => {
    asked++;
    response.end();
  });
  const url = new URL(`http://localhost:${port}/metrics`);
  // The name is let pass, as if somebody had changed the DNS entry of one that is on the list.
  class TrustsNames extends AllowedHosts {
    override assertUrl(): void {}
  }
  const names = new TrustsNames(['vllm.internal']);
  await expect(fetchPage({ url, allowed: names, timeoutMs: patientMs })).rejects.toMatchObject({
    kind: 'upstream-forbidden',
  });
  expect(asked).toBe(0);
});

test('more scrapes than there is room for are refused at once, with a time to come again', async () => {
  const small = await startTestAgent({ SCRAPES_RUNNING: '1', SCRAPES_WAITING: '1', ...patient });
  let answerAll: () => void = () => undefined;
  const mayAnswer = new Promise<void>((resolve) => (answerAll = resolve));
  const page = 'vllm:num_requests_running 1\n';
  const url = await serve((response) => void mayAnswer.then(() => response.end(page)));
  const ids = ['a', 'b', 'c', 'd'];
  for (const id of ids) await small.ask('PUT', `/api/v1/instances/${id}`, { engine: 'vllm', metrics_url: url.href });
  const answered: number[] = [];
  const asked = ids.map(async (id) => {
    const answer = await small.ask('POST', '/api/v1/collect/vllm', { instance_id: id });
    answered.push(answer.status);
    return answer;
  });
  await expect.poll(() => answered, { intervals: [5], timeout: patientMs }).toEqual([503, 503]);
  answerAll();
  const answers = await Promise.all(asked);
  expect(answered).toEqual([503, 503, 200, 200]);
  expect(answers.find(({ status }) => status === 503)?.headers.get('retry-after')).toBe('1');
  await small.stop();
});
