/** Who may tell of progress, and what becomes of those who may not, or tell nonsense. */
import { connect } from 'node:net';
import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { listenForProgress } from './progress-listener.ts';

const of = { title: ['a.spec.ts', 'a load'], project: 'load' };
const progress = { elapsedMs: 1_000, users: 0, loops: [], saturated: false };

const talks = [
  { who: 'a load of this run', lines: ['hello', 'progress'], heard: 1, isCut: false },
  { who: 'one without a greeting', lines: ['progress'], heard: 0, isCut: true },
  { who: 'one with another token', lines: ['stranger', 'progress'], heard: 0, isCut: true },
  { who: 'what is no JSON', lines: ['GET / HTTP/1.1'], heard: 0, isCut: true },
  { who: 'JSON that is nothing of ours', lines: ['hello', 'null'], heard: 0, isCut: true },
  { who: 'a line without an end', lines: ['hello', 'endless'], heard: 0, isCut: true },
] as const;
for (const { who, lines, heard, isCut } of talks) {
  test(`${who} is ${isCut ? 'cut off' : 'heard'}`, async () => {
    const told: number[] = [];
    const over: number[] = [];
    const listener = await listenForProgress({
      onProgress: (id) => told.push(id),
      onOver: (id) => over.push(id),
    });
    try {
      const [port = '', token = ''] = listener.address.split(':');
      const words: Readonly<Record<string, string>> = {
        hello: `${JSON.stringify({ kind: 'hello', token, of })}\n`,
        stranger: `${JSON.stringify({ kind: 'hello', token: 'x'.repeat(token.length), of })}\n`,
        progress: `${JSON.stringify({ kind: 'progress', progress })}\n`,
        endless: 'x'.repeat(100_000),
      };
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
      // Not `once`, which an error ends: who is cut off while it writes may hear of a reset first.
      const closed = new Promise((done) => socket.once('close', done));
      for (const line of lines) socket.write(words[line] ?? `${line}\n`);
      if (isCut) await closed;
      else await expect.poll(() => told.length).toBe(heard);
      socket.destroy();
      await closed;
      expect(told).toHaveLength(heard);
      await expect.poll(() => over.length).toBe(lines[0] === 'hello' ? 1 : 0); // a row that was there goes
    } finally {
      listener.close();
    }
  });
}
