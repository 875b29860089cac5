/** Where a terminal or a machine has less than it should: progress is not shown, or shown on what there is. */
import { once } from 'node:events';
import { connect, Server } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { type Progress, type ProgressMessage, progressVariable } from '../load/measure/progress.ts';
import { test } from '../testing/plain-test.ts';
import { Mishaps } from './mishaps.ts';
import { openProgress } from './progress.ts';
import type { Surroundings } from './surroundings.ts';
import { plainPaint } from './terminal/paint.ts';
import { columnsOf, cutToColumns } from './words/plain-text.ts';

const progress: Progress = { elapsedMs: 12_000, plannedMs: 30_000, users: 0, loops: [], saturated: false };
const of = { title: ['shop.spec.ts', 'browse'], project: 'load' };

function terminal(size: { columns: number; rows: number }, isTerminal = true) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()].map((stream) =>
    Object.assign(stream, { ...size, isTTY: isTerminal }),
  );
  const said: string[] = [];
  stdout?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const around = {
    streams: { stdout, stderr } as unknown as NonNullable<Surroundings['streams']>,
    write: () => undefined,
    warn: (text: string) => void said.push(text),
    env: {} as NodeJS.ProcessEnv,
    cwd: '/',
    isTerminal,
    width: 60,
    paint: plainPaint,
  };
  const mishaps = new Mishaps(around.warn);
  return { around, mishaps, said, open: () => openProgress({ around, mishaps, shows: true }) };
}

for (const isTerminal of [true, false])
  test(`where nothing can listen, ${isTerminal ? 'a terminal' : 'a log'} is left as it was, and it is said`, async () => {
    const { around, said, open } = terminal({ columns: 80, rows: 24 }, isTerminal);
    const { stdout, stderr } = around.streams;
    const atExit = process.listenerCount('exit');
    const listen = Object.getOwnPropertyDescriptor(Server.prototype, 'listen');
    Server.prototype.listen = function (this: Server) {
      process.nextTick(() => this.emit('error', new Error('too many open files')));
      return this;
    };
    try {
      expect(await open()).toBeUndefined();
    } finally {
      if (listen !== undefined) Object.defineProperty(Server.prototype, 'listen', listen);
    }
    expect(said.join('')).toBe('load reporter: progress cannot be shown: too many open files\n');
    for (const stream of [stdout, stderr]) expect(Object.hasOwn(stream, 'write')).toBe(false);
    expect(process.listenerCount('exit')).toBe(atExit);
  });

const sizes = [
  { what: 'of 80 columns', columns: 80, rows: 24, most: 79 },
  { what: 'without a size', columns: 0, rows: 0, most: 59 },
  { what: 'of 20 columns', columns: 20, rows: 24, most: 19 },
];
for (const { what, columns, rows, most } of sizes)
  test(`a terminal ${what} shows as much as it has room for`, async () => {
    const { around, said, open } = terminal({ columns, rows });
    const close = await open();
    const [, port, token = ''] = around.env[progressVariable]?.split(':') ?? [];
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const messages: ProgressMessage[] = [
      { kind: 'hello', token, of },
      { kind: 'progress', progress },
    ];
    for (const message of messages) socket.write(`${JSON.stringify(message)}\n`);
    await expect.poll(() => said.join('')).toContain('▸');
    const row = /▸[^\u001B]*/.exec(said.join(''))?.[0] ?? '';
    expect(columnsOf(row)).toBeLessThanOrEqual(most);
    if (most > 20) expect(row).toBe('▸ browse  0:12 of 0:30, 18s left');
    else expect(row).toBe(cutToColumns(row, most));
    said.length = 0;
    around.streams.stdout.write('1 passed\n');
    await sleep(60);
    // Nothing is scrolled for others that do not count rows from the bottom.
    expect(said.join('')).not.toMatch(/\u001B\[\d+T/);
    socket.destroy();
    close?.();
  });
