/** Reads a configuration through Playwright itself: whatever it computes, imports or asks of the environment is as in a run. */
import { spawn } from 'node:child_process';
import { dirname, extname, join } from 'node:path';
import { playwrightCli } from './local/playwright-process.ts';
import { probeVariable } from './probe-variable.ts';
import type { SeenConfig } from './seen-config.ts';

const probe = join(import.meta.dirname, `probe-config${extname(import.meta.filename)}`);
/** A configuration that has not come to an end by then waits for something that will not come. */
const mostMs = 60_000;

export type ReadConfig =
  { readonly kind: 'read'; readonly seen: SeenConfig } | { readonly kind: 'failed'; readonly said: string };

export interface ReadOptions {
  /** Added to that of this process; what is undefined here is taken away there. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the reading, which then rejects. */
  readonly signal?: AbortSignal;
}

/** `path`: absolute. */
export async function readConfig(path: string, { env = {}, signal }: ReadOptions = {}): Promise<ReadConfig> {
  const child = spawn(process.execPath, [playwrightCli(path), 'test', '--list', '--config', probe], {
    cwd: dirname(path),
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env, [probeVariable]: path },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    timeout: mostMs,
    ...(signal !== undefined && { signal }),
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  let seen: SeenConfig | undefined;
  child.on('message', (message) => {
    seen = message as SeenConfig;
  });
  await new Promise((ended, failed) => child.on('close', ended).on('error', failed));
  if (seen !== undefined) return { kind: 'read', seen };
  return { kind: 'failed', said: said.trim() === '' ? 'it ended without a word' : said.trim() };
}
