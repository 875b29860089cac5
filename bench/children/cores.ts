/**
 * Generator and server on a core each, by `taskset` where it exists: sharing one core they would measure the scheduler.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export type Cores =
  | { readonly kind: 'pinned'; readonly server: number; readonly generator: number }
  | { readonly kind: 'free'; readonly reason: string };

export type Side = 'server' | 'generator';

/** The first two cores that this process may use: the first for the server, the second for the generator. */
export function coresHere(): Cores {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
  } catch {
    return { kind: 'free', reason: 'there is no `taskset` here' };
  }
  const [server, generator] = parseCores(/Cpus_allowed_list:\s*(\S+)/.exec(ownStatus())?.[1] ?? '');
  return server === undefined || generator === undefined
    ? { kind: 'free', reason: 'there is one core only, or its number is unknown' }
    : { kind: 'pinned', server, generator };
}

function ownStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return ''; // no Linux: `taskset` is then something else, too
  }
}

/** Reads the kernel's list format: `0-2,8` is 0, 1, 2 and 8 (proc(5)). */
export function parseCores(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (from === undefined) return [];
    const first = Number(from);
    return Array.from({ length: Number(to ?? from) - first + 1 }, (_, at) => first + at);
  });
}

/** The command as it is to be spawned for that side. */
export function onCore(cores: Cores, side: Side, command: readonly string[]): string[] {
  return cores.kind === 'pinned' ? ['taskset', '--cpu-list', String(cores[side]), ...command] : [...command];
}

export function describeCores(cores: Cores): string {
  return cores.kind === 'pinned'
    ? `server on core ${cores.server}, generator on core ${cores.generator}`
    : `server and generator wander between cores: ${cores.reason}`;
}
