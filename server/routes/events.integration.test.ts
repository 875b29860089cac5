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
