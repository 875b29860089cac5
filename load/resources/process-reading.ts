/**
 * One look at a foreign process through `pidusage`. Of its answer only the counters are used (CPU time, memory, age):
 * its own `cpu` is 0 on the first call, 0 for calls less than a tick apart, and shared by all callers of one pid.
 */
import { readdir, stat } from 'node:fs/promises';
import pidusage from 'pidusage';

export type ProcessReading =
  | {
      readonly kind: 'alive';
      readonly rssBytes: number;
      /** CPU time used since the process began, user and system, ms. Its grain is a kernel tick of 10 ms. */
      readonly cpuMs: number;
      /** Time since the process began, ms. */
      readonly ageMs: number;
      /** Open file descriptors. Absent where the system does not tell. */
      readonly handles?: number;
    }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Never rejects: what could not be read is an answer too. */
export type ReadProcess = (pid: number) => Promise<ProcessReading>;

/** Reads /proc on Linux, `ps` on macOS and BSD, WMI on Windows. */
export const readProcess: ReadProcess = async (pid) => {
  try {
    const [usage, handles] = await Promise.all([pidusage(pid), openHandles(pid)]);
    const reading = readingOfStat(usage);
    return reading.kind === 'alive' && handles !== undefined ? { ...reading, handles } : reading;
  } catch (error) {
    return readingOfFailure(error);
  }
};

/**
 * Open file descriptors of a process, where there is a /proc that may be read. Its size tells them since Linux 6.2;
 * listing the names of ten thousand would keep the load waiting.
 */
async function openHandles(pid: number): Promise<number | undefined> {
  const folder = `/proc/${pid}/fd`;
  try {
    const { size } = await stat(folder);
    return size > 0 ? size : (await readdir(folder)).length;
  } catch {
    return undefined; // no Linux, a process of somebody else's, or one that has ended, which `pidusage` says
  }
}

/** A process that has ended, but was not yet waited for by its parent, is still listed, without any memory. */
export function readingOfStat({
  memory,
  ctime,
  elapsed,
}: Pick<pidusage.Status, 'memory' | 'ctime' | 'elapsed'>): ProcessReading {
  return memory === 0 ? { kind: 'gone' } : { kind: 'alive', rssBytes: memory, cpuMs: ctime, ageMs: elapsed };
}

/** ENOENT: no such process. ESRCH: it ended while `pidusage` still held its file open. Anything else says nothing about the process. */
export function readingOfFailure(error: unknown): ProcessReading {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reason = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT' || code === 'ESRCH' || reason.includes('No matching pid')) return { kind: 'gone' };
  return { kind: 'unreadable', reason };
}
