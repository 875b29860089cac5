import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { runToEnd, startServer } from './child.ts';

const node = (code: string) => ({ command: [process.execPath, '-e', code] });
const ready = 'console.log(`ready pid=${process.pid} port=4711`);';

test('a server is known by its line, and gone when it was stopped', async () => {
  const server = await startServer(node(`${ready} setInterval(() => {}, 1000)`));
  expect(server).toMatchObject({ port: 4711, url: 'http://127.0.0.1:4711' });
  expect(process.kill(server.pid, 0)).toBe(true);
  await server.stop();
  expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
});

test('a frozen server is stopped too', async () => {
  const server = await startServer(node(`${ready} setInterval(() => {}, 1000)`));
  process.kill(server.pid, 'SIGSTOP');
  await server.stop();
  expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
});

test('a server that ends before it is ready is an error with its own words', async () => {
  await expect(startServer(node('console.error("port taken"); process.exit(3)'))).rejects.toThrow(
    'a server ended with 3 before it was ready:\nport taken',
  );
});

test('a program that does not exist is an error', async () => {
  await expect(startServer({ command: ['/nowhere/program'] })).rejects.toThrow('a child could not be started');
});

test('a command resolves with what it wrote, line by line to whoever listens', async () => {
  const lines: string[] = [];
  const command = node('console.log("one"); console.log("two"); console.error("aside")');
  expect(await runToEnd({ ...command, limitMs: 10_000, onLine: (line) => lines.push(line) })).toBe('one\ntwo\n');
  expect(lines).toEqual(['one', 'two']);
});

test('a command that fails rejects with its words', async () => {
  await expect(runToEnd({ ...node('console.error("no"); process.exit(2)'), limitMs: 10_000 })).rejects.toThrow(
    /ended with 2:\nno$/,
  );
});

test('a command that takes too long is ended', async () => {
  await expect(runToEnd({ ...node('setInterval(() => {}, 1000)'), limitMs: 300 })).rejects.toThrow(
    /ended with a signal \(limit 300 ms\)/,
  );
});
