/** The machine and the state of the code that figures belong to: without them they cannot be compared. */
import { execFileSync } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, platform, release } from 'node:os';

export interface Machine {
  readonly node: string;
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  /** Absent outside a git checkout. `+` after it: with changes that are not committed. */
  readonly commit?: string;
  /** Mean number of processes that wanted a core in the last minute, before the bench began. Absent on Windows. */
  readonly busyBefore?: number;
}

export function thisMachine(): Machine {
  const commit = commitHere();
  return {
    node: process.version,
    os: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    ...(commit !== undefined && { commit }),
    ...(platform() !== 'win32' && { busyBefore: Number((loadavg()[0] ?? 0).toFixed(2)) }),
  };
}

export function describeMachine({ node, os, cpu, cores, commit, busyBefore }: Machine): string {
  const words = [`node ${node}`, `${cores} cores`, cpu, os, ...(commit === undefined ? [] : [`commit ${commit}`])];
  const disturbed =
    busyBefore !== undefined && busyBefore > 0.5
      ? [`other work was running (load ${busyBefore}): absolute figures are too low`]
      : [];
  return [...words, ...disturbed].join(', ');
}

function commitHere(): string | undefined {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const changed = git('status', '--porcelain', '--untracked-files=no').trim() !== '';
    return `${git('rev-parse', '--short', 'HEAD').trim()}${changed ? '+' : ''}`;
  } catch {
    return undefined; // no git, or no checkout: a packed copy has no commit
  }
}
