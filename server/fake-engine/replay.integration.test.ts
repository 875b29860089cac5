/** A signed message from the receiver's side: what is fresh is done once, what is recorded is not done again. */
import { expect } from '@playwright/test';
import { createHmac } from 'node:crypto';
import { test } from '../testing/plain-test.ts';
import { startFakeEngine, type RunningFakeEngine } from './server.ts';
import { signatureLifetimeMs } from './signature.ts';

const secret = 'a secret of the tests';
/** A whole second, so that a boundary is one. */
const sentMs = 1_700_000_000_000;

let engine: RunningFakeEngine;
/** The receiver's clock. */
let nowMs: number;

test.beforeEach(async () => {
  nowMs = sentMs;
  engine = await startFakeEngine({ secret }, { nowMs: () => nowMs });
});
test.afterEach(() => engine.stop());

const rollout = {
  action: 'apply',
  workflow_id: 'w',
  instance_id: 'vllm-1',
  engine: 'vllm',
  stage: 10,
  changes: [{ flag: '--max-num-seqs', from: 256, to: 192 }],
  idempotency_key: 'w:apply:10',
};

interface Message {
  readonly body: string;
  readonly signature: string;
}

function signed(given: object = {}, { by = secret, atMs = sentMs } = {}): Message {
  const body = JSON.stringify({ ...rollout, ...given });
  const t = Math.floor(atMs / 1_000);
  return { body, signature: `t=${t},v1=${createHmac('sha256', by).update(`${t}.${body}`).digest('hex')}` };
}

async function receive({ body, signature }: Message): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-playload-signature': signature };
  return (await fetch(engine.rolloutUrl, { method: 'POST', headers, body })).status;
}

const flag = () => engine.engine.flags['--max-num-seqs'];

/** The receiver's clock against the sender's. */
const skews = [
  { ms: 0, status: 200 },
  { ms: signatureLifetimeMs, status: 200 },
  { ms: signatureLifetimeMs + 1, status: 401 },
  { ms: -signatureLifetimeMs, status: 200 },
  { ms: -signatureLifetimeMs - 1, status: 401 },
  { ms: 86_400_000, status: 401 },
];
for (const { ms, status } of skews) {
  test(`a message whose receiver is ${ms} ms ahead is answered ${status}`, async () => {
    nowMs = sentMs + ms;
    expect([await receive(signed()), flag()]).toEqual(status === 200 ? [200, 192] : [401, 256]);
  });
}

test('a recorded message is answered as repeated while it is fresh, and refused later, and never done again', async () => {
  const recorded = signed();
  expect(await receive(recorded)).toBe(200);
  const back = { action: 'rollback', stage: 0, changes: [{ flag: '--max-num-seqs', from: 192, to: 256 }] };
  expect(await receive(signed({ ...back, idempotency_key: 'w:rollback:0' }))).toBe(200);
  for (const [afterMs, status] of [
    [1_000, 200],
    [signatureLifetimeMs, 200],
    [signatureLifetimeMs + 1, 401],
  ] as const) {
    // prettier-ignore
    nowMs = sentMs + afterMs;
    expect([await receive(recorded), flag(), engine.engine.stage]).toEqual([status, 256, 0]);
  }
});

test('a message that is signed anew under its old key is answered as repeated, hours later too', async () => {
  await receive(signed());
  await receive(signed({ action: 'rollback', stage: 0, changes: [], idempotency_key: 'w:rollback:0' }));
  const { stage } = engine.engine;
  nowMs = sentMs + 7_200_000;
  expect([await receive(signed({}, { atMs: nowMs })), engine.engine.stage]).toEqual([200, stage]);
});

const { body: genuine, signature } = signed();
const changed: { what: string; message: Message }[] = [
  { what: 'one byte of the body', message: { body: genuine.replace('192', '193'), signature } },
  { what: 'a space after the body', message: { body: `${genuine} `, signature } },
  { what: 'the time', message: { body: genuine, signature: signature.replace('t=17', 't=18') } },
  { what: 'one digit of the signature', message: { body: genuine, signature: signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')) } }, // prettier-ignore
  { what: 'the secret', message: signed({}, { by: 'another secret' }) },
  { what: 'the version', message: { body: genuine, signature: signature.replace('v1', 'v0') } },
  { what: 'the signature of another message', message: { body: genuine, signature: signed({ stage: 100 }).signature } },
  { what: 'everything but the signature', message: { body: '{}', signature } },
];
for (const { what, message } of changed) {
  test(`with another ${what}, a message is refused`, async () => {
    expect([await receive(message), flag()]).toEqual([401, 256]);
  });
}
