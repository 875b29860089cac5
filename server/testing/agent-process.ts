/** The agent as a process of its own on a folder of the tests' own; what is still running is killed after each test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './plain-test.ts';

export interface AgentProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly ask: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<ProcessAnswer>;
  /** @returns its exit code. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number | null>;
}

export interface ProcessAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON, or nothing where it was none. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface AgentProcesses {
  /** A folder that is there for the test at hand. */
  readonly folder: () => string;
  /** Resolves when it is ready; rejects with what it said when it ends instead. */
  readonly start: (settings?: Record<string, string>) => Promise<AgentProcess>;
  /** For one that is not to start. @returns exit code, and what it said. */
  readonly fail: (settings?: Record<string, string>) => Promise<{ code: number | null; said: string }>;
}

/** One that starts after all is killed. */
const failLimitMs = 60_000;

/** To be called at the top of a test file. */
export function agentProcesses(): AgentProcesses {
  const running: ChildProcess[] = [];
  let folder = '';
  test.beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agent-process-'));
  });
  test.afterEach(async () => {
    for (const child of running.splice(0)) await kill(child, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  const launch = (settings: Record<string, string>) => {
    const env = { PATH: process.env['PATH'] ?? '', DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'warn', SHED_DELAY_MS: '0' };
    const child = spawn(process.execPath, [join(import.meta.dirname, '../run.mjs'), 'main'], {
      env: { ...env, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
    return { child, said };
  };
  return {
    folder: () => folder,
    start: async (settings = {}) => {
      const { child, said } = launch(settings);
      const heard = () => said.out + (child.exitCode === null ? '' : `ended: ${said.err}`);
      await expect.poll(heard, { timeout: 60_000, intervals: [50] }).toMatch(/ready|ended/);
      const [, port] = /^ready pid=\d+ port=(\d+)\n$/.exec(said.out) ?? [];
      if (port === undefined) throw new Error(said.err);
      const url = `http://127.0.0.1:${port}`;
      return { child, url, ask: askerOf(url), end: (signal = 'SIGTERM') => kill(child, signal) };
    },
    fail: async (settings = {}) => {
      const { child, said } = launch(settings);
      const timer = setTimeout(() => child.kill('SIGKILL'), failLimitMs);
      const [code] = (await once(child, 'close')) as [number | null];
      clearTimeout(timer);
      return { code, said: said.out + said.err };
    },
  };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  const [code] = await exited;
  return code;
}

const askerOf =
  (url: string): AgentProcess['ask'] =>
  async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    const read = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body: read, text };
  };
