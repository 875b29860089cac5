/**
 * h2load, where it is installed (Debian: `nghttp2-client`): nghttp2's own generator, in C, the yardstick for HTTP/2. It
 * sends one prepared request and reads nothing of the bodies.
 */
import { execFileSync } from 'node:child_process';
import { runToEnd } from './child.ts';
import { cpuMsOf, withTimes } from './cpu-time.ts';

export const howToGetH2load = 'apt install nghttp2-client';

export function hasH2load(): boolean {
  try {
    execFileSync('h2load', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not installed, or not runnable: the same to us
  }
}

export interface H2loadRun {
  /** Answered with a status below 400. */
  readonly requests: number;
  readonly durationMs: number;
  /** CPU time of its process, its start and its handshakes too. */
  readonly cpuMs: number;
}

/** As many requests as it can for so long, `streams` under way at a time on each connection. Rejects if one fails. */
export async function h2load({
  url,
  seconds,
  connections,
  streams,
}: {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  readonly streams: number;
}): Promise<H2loadRun> {
  const args = ['-t', '1', '-c', String(connections), '-m', String(streams), '-D', String(seconds), url];
  const printed = await runToEnd({
    command: withTimes(['h2load', ...args]),
    limitMs: seconds * 1_000 + 20_000,
  });
  return { ...readH2load(printed), cpuMs: cpuMsOf(printed) };
}

const microsecondsIn = { us: 1, ms: 1_000, s: 1_000_000 } as const;

/** Throws if it spoke no HTTP/2, got no answer, or a request failed: its figure would be of something else. */
export function readH2load(printed: string): Omit<H2loadRun, 'cpuMs'> {
  const [, time, unit] = /^finished in ([\d.]+)(us|ms|s),/m.exec(printed) ?? [];
  const [, done, succeeded] = /^requests: .* (\d+) done, (\d+) succeeded,/m.exec(printed) ?? [];
  const [, failed, errored] = / (\d+) failed, (\d+) errored,/.exec(printed) ?? [];
  if (unit === undefined || succeeded === undefined || failed === undefined)
    throw new Error(`h2load printed no result:\n${printed}`);
  const protocol = /^Application protocol: (\S+)$/m.exec(printed)?.[1];
  if (protocol !== 'h2') throw new Error(`h2load spoke ${protocol ?? 'to nobody'}, not h2`);
  if (Number(succeeded) === 0 || done !== succeeded)
    throw new Error(`h2load: ${succeeded} of ${done} answers were good, ${failed} failed, ${errored} errored`);
  const durationUs = Math.round(Number(time) * microsecondsIn[unit as keyof typeof microsecondsIn]);
  return { requests: Number(succeeded), durationMs: durationUs / 1_000 };
}
