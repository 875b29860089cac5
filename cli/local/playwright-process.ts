/** A Playwright process of `playload local`: each line that it says has its name before it, and no signal of a terminal reaches it past its parent. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { killGroup } from '../../load/session/kill-group.ts';
import { partVariable, type Part } from './part.ts';

export interface ProcessParts {
  /** `shard 2`. */
  readonly name: string;
  /** Of the command line, after `playwright`. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly part: Part;
  readonly onMessage?: (message: unknown) => void;
}

/** By the project's own Playwright, which is the one that its specs import. */
export function playwrightCli(config: string): string {
  return join(dirname(manifestOf(config)), 'cli.js');
}

/** Version of the project's own Playwright. */
export function playwrightVersion(config: string): string {
  return (JSON.parse(readFileSync(manifestOf(config), 'utf8')) as { readonly version: string }).version;
}

function manifestOf(config: string): string {
  return createRequire(config).resolve('@playwright/test/package.json');
}

export class PlaywrightProcess {
  readonly #child: ChildProcess;
  /** Exit code; by a signal, 128 and more, as a shell has it. Never rejects. */
  readonly over: Promise<number>;

  constructor({ name, args, env, part, onMessage }: ProcessParts) {
    const own = { ...env, [partVariable]: JSON.stringify(part) };
    this.#child = spawn(process.execPath, [playwrightCli(part.config), ...args], {
      env: own,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: process.platform !== 'win32', // else Ctrl-C would reach it twice, which ends it without a report
    });
    if (onMessage !== undefined) this.#child.on('message', onMessage);
    const { stdout, stderr } = this.#child;
    const said = Promise.all([passOn(name, stdout, process.stdout), passOn(name, stderr, process.stderr)]);
    const exited = new Promise<number>((resolve) => {
      this.#child.on('exit', (code, signal) => {
        if (signal !== null) process.stderr.write(`${name} │ was ended by ${signal}\n`);
        resolve(code ?? 137);
      });
      this.#child.on('error', () => resolve(1));
    });
    // Not `close`, which never comes once the channel was given up from here.
    this.over = exited.then(async (code) => said.then(() => code));
  }

  /** As Ctrl-C does: it ends its tests and reports; a second one ends it at once. */
  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** With all that it has started; it may be stopped, or deaf. */
  kill(): void {
    killGroup(this.#child);
  }

  /** Lets go of the servers that it holds. */
  release(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}

/** Resolves when there is no more to pass on. */
async function passOn(name: string, from: Readable | null, to: NodeJS.WritableStream): Promise<void> {
  if (from === null) return;
  const lines = createInterface({ input: from });
  lines.on('line', (line) => {
    if (line !== '') to.write(`${name} │ ${line}\n`);
  });
  await once(lines, 'close');
}
