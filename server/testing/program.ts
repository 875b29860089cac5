/** One of the agent's programs as a process of its own, as its operator starts it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Program {
  readonly process: ChildProcess;
  readonly url: string;
  readonly kill: () => Promise<void>;
}

const startTimeoutMs = 60_000;

/** Resolves when the program says that it is ready. @throws when it ends before that, or takes too long. */
export async function startProgram(words: readonly string[], env: Record<string, string>): Promise<Program> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'run.mjs'), ...words], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  let said = '';
  const port = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready: ${said}`)), startTimeoutMs);
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /ready pid=\d+ port=(\d+)/.exec(said)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`ended: ${said}`));
    });
  }).catch(async (error: unknown) => {
    await kill();
    throw error;
  });
  return { process: child, url: `http://127.0.0.1:${port}`, kill };
}
