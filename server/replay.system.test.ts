/** `npm run replay` as a command: what it prints, how it ends, and that the analysis is as right as it was. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './testing/plain-test.ts';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function replayed(...words: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run.mjs'), 'replay', ...words]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

test('every sequence is replayed, the whole is not below the floor, and the document shows what is printed', async () => {
  const { code, out, err } = await replayed();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^vllm-page-of-eight-megabytes .* exact$/m);
  expect(out).toMatch(/^all +\d+ +\d+ +\d+ +\d\.\d{3} +\d\.\d{3}$/m);
  expect(out).toMatch(/^\d+ of \d+ sequences answered exactly; figures misread in \d+$/m);
  const shown = /^rule [\s\S]*misread in \d+\nheld out: .+$/m.exec(out)?.[0] ?? 'no table';
  expect(await readFile(join(import.meta.dirname, '../docs/agent.md'), 'utf8')).toContain(shown);
});

test('a word picks sequences by their name, and machines get JSON', async () => {
  const { code, out } = await replayed('--json', 'vllm', 'idle');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    hits: 1,
    misses: 0,
    falseAlarms: 0,
    exact: 1,
    answers: [{ sequence: 'vllm-idle', hits: ['idle'], found: ['idle info'], misread: [] }],
  });
});

for (const { words, says } of [
  { words: ['no-such'], says: 'no sequence has `no-such` in its name; without a word all are replayed\n' },
  { words: ['--verbose'], says: "Unknown option '--verbose'" },
])
  test(`\`replay ${words.join(' ')}\` ends with 2 and a line that says why`, async () => {
    const { code, out, err } = await replayed(...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
