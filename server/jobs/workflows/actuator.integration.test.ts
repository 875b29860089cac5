/** The webhook on a real socket: what is signed, and what each kind of answer means. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { noWebhook, webhook, type Rollout } from './actuator.ts';

const secret = 'a secret of the tests';
const rollout: Rollout = {
  action: 'apply',
  workflow_id: 'w',
  instance_id: 'vllm-1',
  engine: 'vllm',
  stage: 10,
  changes: [{ flag: '--max-num-seqs', from: 256, to: 192 }],
  idempotency_key: 'w:apply:10',
};

let server: Server;
let answer: (response: ServerResponse) => void;
let received: { headers: IncomingHttpHeaders; body: string } | undefined;

test.beforeEach(async () => {
  received = undefined;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received = { headers: request.headers, body };
      answer(response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

test.afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Patient, unless it waits for what never comes. */
const carryOut = (timeoutMs = 20_000) =>
  webhook({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rollout`,
    secret,
    timeoutMs,
    clock: { nowMs: () => 1_700_000_000_999 },
  }).carryOut(rollout, new AbortController().signal);

test('the message is signed over its time and its body', async () => {
  answer = (response) => response.end();
  await carryOut();
  const { headers, body } = received ?? { headers: {}, body: '' };
  expect(JSON.parse(body)).toEqual(rollout);
  const expected = createHmac('sha256', secret).update(`1700000000.${body}`).digest('hex');
  expect(headers['x-playload-signature']).toBe(`t=1700000000,v1=${expected}`);
  expect(headers['idempotency-key']).toBe('w:apply:10');
});

const answers: { what: string; give: (response: ServerResponse) => void; message: string; retriable: boolean }[] = [
  { what: '500', give: (response) => response.writeHead(500).end(), message: 'answered 500', retriable: true },
  { what: '429', give: (response) => response.writeHead(429).end(), message: 'answered 429', retriable: true },
  { what: '403', give: (response) => response.writeHead(403).end(), message: 'answered 403', retriable: false },
  { what: 'a redirect', give: (response) => response.writeHead(307, { location: '/' }).end(), message: 'answered 307', retriable: false }, // prettier-ignore
  { what: 'a change of protocols', give: (response) => response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'), message: 'answered 101', retriable: false }, // prettier-ignore
  { what: 'nothing', give: () => undefined, message: 'did not answer within 200 ms', retriable: true },
  { what: 'a closed connection', give: (response) => response.destroy(), message: "can't be reached (ECONNRESET)", retriable: true }, // prettier-ignore
];
for (const { what, give, message, retriable } of answers) {
  test(`${what} is ${retriable ? '' : 'not '}worth another try`, async () => {
    answer = give;
    await expect(carryOut(what === 'nothing' ? 200 : undefined)).rejects.toMatchObject({
      message: `the webhook ${message}`,
      retriable,
    });
  });
}

test('without a webhook nothing can be carried out, for good', async () => {
  await expect(noWebhook.carryOut(rollout, new AbortController().signal)).rejects.toMatchObject({ retriable: false });
});
