/** Makes a server's process stand still in the middle of a load, as a long garbage collection or a paused machine would. */

export interface Freeze {
  readonly pid: number;
  /** From the beginning of the load. */
  readonly atMs: number;
  readonly forMs: number;
}

/** Whatever becomes of the load, the process runs again afterwards. */
export async function frozenDuring<Result>(freeze: Freeze | undefined, load: () => Promise<Result>): Promise<Result> {
  if (freeze === undefined) return load();
  const { pid, atMs, forMs } = freeze;
  const timers = [
    setTimeout(() => process.kill(pid, 'SIGSTOP'), atMs),
    setTimeout(() => process.kill(pid, 'SIGCONT'), atMs + forMs),
  ];
  try {
    return await load();
  } finally {
    timers.forEach(clearTimeout);
    process.kill(pid, 'SIGCONT');
  }
}
