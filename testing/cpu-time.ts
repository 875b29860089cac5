/** For tests: what work costs, on a machine that may be busy with other things. */

/** CPU time of this process while it did the work, in milliseconds: not what it waited for a core, or was frozen. */
export function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
