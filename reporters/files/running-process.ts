/**
 * Who writes results at present, told so that another process can see whether that one still lives. A process number
 * alone would not do: it is given out again, and a results folder must never stay locked by a process that is gone.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Unfinished } from '../../load/measure/summary.ts';

export type Writer = Omit<Unfinished, 'reason'>;

/** Longest that asking for a process's start may hold up a run. */
const psTimeoutMs = 2_000;

export function writerHere(): Writer {
  const processStart = startOf(process.pid);
  return {
    command: ['playwright', ...process.argv.slice(2)].join(' '),
    host: hostname(),
    pid: process.pid,
    ...(processStart !== undefined && { processStart }),
  };
}

/** Whether it is another process of this machine that still runs. Of other machines nothing can be told. */
export function isAnotherAlive({ host, pid, processStart }: Writer): boolean {
  if (host !== hostname() || pid === process.pid || !exists(pid)) return false;
  const start = startOf(pid);
  return start === undefined || processStart === undefined || start === processStart;
}

export function isSameWriter(a: Writer, b: Writer): boolean {
  return a.host === b.host && a.pid === b.pid && a.processStart === b.processStart;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it lives, and is another user's
  }
}

/** Linux: clock ticks since boot, field 22 of `/proc/<pid>/stat`, beside the boot's own id; elsewhere what `ps` prints. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks ?? ''}`;
    }
    if (process.platform === 'win32') return undefined;
    const told = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      timeout: psTimeoutMs,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
    return told.trim();
  } catch {
    return undefined; // not to be found out; then its number alone counts
  }
}
