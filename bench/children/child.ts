/**
 * Processes of the bench's own: started with a line to wait for, ended by their handle, whatever happens in between.
 */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Server {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  /** Ends the process and resolves when it is gone; a frozen one is thawed first. */
  stop(): Promise<void>;
}

export interface Command {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export const startLimitMs = 30_000;
const stopLimitMs = 5_000;
/** What is kept of a child's words, for the error that may come of it. */
const keptChars = 4_000;

const alive = new Set<ChildProcess>();
process.once('exit', () => alive.forEach((child) => child.kill('SIGKILL')));
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));

function launch({ command, env, cwd }: Command): {
  child: ChildProcessByStdio<null, Readable, Readable>;
  said: () => string;
} {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  alive.add(child);
  child.once('close', () => alive.delete(child));
  let words = '';
  const listen = (chunk: Buffer) => (words = `${words}${chunk.toString()}`.slice(-keptChars));
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  return { child, said: () => words.trim() };
}

/** Starts a server and waits for its line `ready pid=… port=…`. Rejects with its own words if it ends or stays silent. */
export async function startServer(command: Command): Promise<Server> {
  const { child, said } = launch(command);
  try {
    const port = await readyPort(child, said);
    const pid = child.pid;
    if (pid === undefined) throw new Error('a running process has a pid');
    return { pid, port, url: `http://127.0.0.1:${port}`, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function readyPort(child: ChildProcessByStdio<null, Readable, Readable>, said: () => string): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no \`ready\` within ${startLimitMs} ms:\n${said()}`)),
      startLimitMs,
    );
    child.once('error', (cause) => reject(new Error('a child could not be started', { cause })));
    child.once('close', (code) =>
      reject(new Error(`a server ended with ${code ?? 'a signal'} before it was ready:\n${said()}`)),
    );
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, port] = /^ready pid=\d+ port=(\d+)/.exec(line) ?? [];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
  await gone;
  clearTimeout(timer);
}

export interface Errand extends Command {
  readonly limitMs: number;
  /** Told of each line of its stdout. */
  readonly onLine?: (line: string) => void;
}

/** Runs a command to its end and resolves with what it wrote to stdout. Rejects with its words if it fails or takes too long. */
export async function runToEnd({ limitMs, onLine, ...command }: Errand): Promise<string> {
  const { child, said } = launch(command);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (onLine !== undefined) createInterface({ input: child.stdout }).on('line', onLine);
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code === 0) return Buffer.concat(chunks).toString();
    throw new Error(
      `\`${command.command.join(' ')}\` ended with ${code ?? `a signal (limit ${limitMs} ms)`}:\n${said()}`,
    );
  } finally {
    clearTimeout(timer);
    await stop(child);
  }
}
