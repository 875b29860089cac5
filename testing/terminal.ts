/** For tests: a command on a terminal of its own, by `script` of util-linux, which gives it a pty. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

export interface OnTerminal {
  readonly process: ChildProcess;
  /** All that it has shown so far, without colours and moves of the cursor. */
  readonly shown: () => string;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
}

export interface TerminalParts {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly columns?: number;
}

export function onTerminal(command: readonly string[], { cwd, env, columns = 200 }: TerminalParts): OnTerminal {
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const child = spawn('script', ['-qefc', `stty cols ${columns} rows 50; exec ${words}`, '/dev/null'], {
    cwd,
    env: { ...env, TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, shown: () => stripVTControlCharacters(said), ended };
}
