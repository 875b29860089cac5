/** hey, where it is installed (Debian: `hey`): a generator in Go with a rate, for comparison in the same run. */
import { execFileSync } from 'node:child_process';
import { percentilesOf } from '../percentiles.ts';
import { runToEnd } from './child.ts';

export function hasHey(): boolean {
  try {
    execFileSync('hey', ['-n', '0'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'; // it refuses to do nothing, but it is there
  }
}

export interface HeyRun {
  readonly requests: number;
  /** From its list of all response times, milliseconds to a tenth. */
  readonly percentileMs: (percent: number) => number;
}

/** As many workers as make up the rate, each at its own part of it. */
export async function hey({
  url,
  seconds,
  workers,
  perSec,
  pin,
}: {
  readonly url: string;
  readonly seconds: number;
  readonly workers: number;
  readonly perSec: number;
  readonly pin: (command: readonly string[]) => string[];
}): Promise<HeyRun> {
  const rate = perSec / workers;
  const printed = await runToEnd({
    command: pin(['hey', '-z', `${seconds}s`, '-c', String(workers), '-q', String(rate), '-o', 'csv', url]),
    limitMs: seconds * 1_000 + 20_000,
  });
  const times = printed
    .split('\n')
    .slice(1) // the names of the columns
    .map((line) => Number.parseFloat(line) * 1_000)
    .filter(Number.isFinite);
  return { requests: times.length, percentileMs: percentilesOf(times) };
}
