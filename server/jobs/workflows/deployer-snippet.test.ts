/** What the documentation tells a deployer to run is run here, against the agent's own signature. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { sign } from './actuator.ts';

type IsGenuine = (secret: string, header: string, rawBody: Buffer) => boolean;

async function documented(): Promise<IsGenuine> {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'agent.md'), 'utf8');
  const [, code = ''] = /```js\n([^`]*function isGenuine[\s\S]*?)\n```/.exec(page) ?? [];
  const module = (await import(`data:text/javascript,${encodeURIComponent(`${code}\nexport { isGenuine };`)}`)) as {
    isGenuine: IsGenuine;
  };
  return module.isGenuine;
}

const secret = 'a secret of the tests';
const body = Buffer.from('{"instance_id":"größer"}');
const nowMs = Date.now();

const cases: { what: string; header: string; genuine: boolean }[] = [
  { what: 'a message of now', header: sign(secret, body.toString(), nowMs), genuine: true },
  { what: 'a message of a moment ago', header: sign(secret, body.toString(), nowMs - 290_000), genuine: true },
  { what: 'an old message', header: sign(secret, body.toString(), nowMs - 302_000), genuine: false },
  { what: 'a message of the future', header: sign(secret, body.toString(), nowMs + 310_000), genuine: false },
  { what: 'another body', header: sign(secret, '{}', nowMs), genuine: false },
  { what: 'another secret', header: sign('another', body.toString(), nowMs), genuine: false },
  { what: 'no signature', header: '', genuine: false },
];
for (const { what, header, genuine } of cases) {
  test(`the documented check ${genuine ? 'takes' : 'refuses'} ${what}`, async () => {
    const isGenuine = await documented();
    expect(isGenuine(secret, header, body)).toBe(genuine);
  });
}
