/** Ends a process with all that it has started; it must lead a group of its own (`detached`). */
import type { ChildProcess } from 'node:child_process';

/** The group, also where its leader is gone: a worker that was stopped outlives it. It may be stopped itself, or deaf. */
export function killGroup(leader: ChildProcess): void {
  const { pid } = leader;
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') leader.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody is left
  }
}
