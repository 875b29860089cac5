/** How busy another process was while something happened: whoever is at 100 % was the one that was measured. */
import { readProcess } from '../../load/resources/process-reading.ts';

/** CPU time of the process over the time of the work, in whole percent of one core. */
export async function cpuShareOf<Result>(
  pid: number,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly share: number }> {
  const before = await cpuMsOf(pid);
  const beganAt = performance.now();
  const result = await work();
  const elapsedMs = performance.now() - beganAt;
  return { result, share: Math.round((((await cpuMsOf(pid)) - before) * 100) / elapsedMs) };
}

/** CPU time that the process has taken so far. */
export async function cpuMsOf(pid: number): Promise<number> {
  const reading = await readProcess(pid);
  if (reading.kind !== 'alive') throw new Error(`process ${pid} cannot be watched: it is ${reading.kind}`);
  return reading.cpuMs;
}

/** Resident memory of the process in MB. */
export async function rssMbOf(pid: number): Promise<number> {
  const reading = await readProcess(pid);
  if (reading.kind !== 'alive') throw new Error(`process ${pid} cannot be watched: it is ${reading.kind}`);
  return reading.rssBytes / 2 ** 20;
}
