import { setImmediate } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { startTestAgent } from '../testing/agent.ts';

test('more streams than ten at a time are no leak', async () => {
  const agent = await startTestAgent();
  const warnings: string[] = [];
  const onWarning = ({ message }: Error) => void warnings.push(message);
  process.on('warning', onWarning);
  try {
    const { headers } = await agent.ask('POST', '/api/v1/workflows', { instance_id: 'nobody' });
    const path = `${headers.get('location') ?? ''}/events`;
    const streams = await Promise.all(Array.from({ length: 12 }, async () => agent.app.request(path, {}, {})));
    const readers = streams.map(({ body }) => body?.getReader());
    for (const reader of readers) {
      const first = (await reader?.read())?.value as Uint8Array;
      expect(Buffer.from(first).toString()).toBe('retry: 2000\n\n');
    }
    for (const reader of readers) await reader?.cancel();
    await setImmediate(); // warnings are told later
    expect(warnings).toEqual([]);
  } finally {
    process.off('warning', onWarning);
    await agent.stop();
  }
});

test('who has the last event of a workflow that is over is told not to come again, and takes no place', async () => {
  const agent = await startTestAgent({ EVENT_STREAMS_PER_KEY: '1' });
  try {
    const { headers } = await agent.ask('POST', '/api/v1/workflows', { instance_id: 'nobody' });
    const path = headers.get('location') ?? '';
    await agent.ask('POST', `${path}/cancel`, {});
    const after = async (seq: number, method = 'GET') =>
      agent.app.request(`${path}/events`, { method, headers: { 'last-event-id': String(seq) } }, {});
    expect(await (await after(1)).text()).toContain('id: 2\nevent: cancelled\n');
    for (const method of ['GET', 'GET', 'HEAD']) {
      const { status, body } = await after(2, method);
      expect([status, body]).toEqual([204, null]);
    }
  } finally {
    await agent.stop();
  }
});

test('who claims to have events that are still to come gets them', async () => {
  const agent = await startTestAgent();
  try {
    const { headers } = await agent.ask('POST', '/api/v1/workflows', { instance_id: 'nobody' });
    const path = headers.get('location') ?? '';
    const stream = await agent.app.request(`${path}/events`, { headers: { 'last-event-id': '999' } }, {});
    await agent.ask('POST', `${path}/cancel`, {});
    expect(await stream.text()).toContain('id: 2\nevent: cancelled\n');
  } finally {
    await agent.stop();
  }
});

test('behind a store that does not answer there is one read of a stream and one to come, however often it is asked for', async () => {
  const agent = await startTestAgent();
  try {
    const { headers } = await agent.ask('POST', '/api/v1/workflows', { instance_id: 'nobody' });
    const path = headers.get('location') ?? '';
    const { workflows } = agent.parts;
    const workflow = await workflows.get(path.split('/').at(-1) ?? '');
    const answers: (() => void)[] = [];
    let change: () => void = () => undefined;
    workflows.events = () => new Promise((resolve) => answers.push(() => resolve([])));
    workflows.follow = (_, listener) => {
      change = () => listener(workflow);
      return () => undefined;
    };
    const stream = await agent.app.request(`${path}/events`, {}, {});
    for (let n = 0; n < 10; n++) change();
    for (let n = 0; n < 12; n++) {
      await setImmediate();
      answers[n]?.();
    }
    expect(answers.length).toBeLessThanOrEqual(3); // the tick of a second may have come between
    await stream.body?.cancel();
  } finally {
    await agent.stop();
  }
});
