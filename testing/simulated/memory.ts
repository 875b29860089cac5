/** Memory of servers that are made up by a seed, with and without a leak. */
import type { MemoryReading } from '../../load/analysis/leak.ts';
import { seededRandom, standardNormal } from '../../load/random.ts';

export interface MemoryShape {
  readonly minutes: number;
  /** MiB. */
  readonly leakPerMin?: number;
  /** Time constant of the warm-up curve, seconds. */
  readonly warmUpS?: number;
  /** Height and length of a garbage collector's saw-tooth. */
  readonly sawMb?: number;
  readonly sawS?: number;
}

/** One reading a second: 80 MiB, a garbage-collection saw-tooth, a warm-up curve of 30 MiB, a leak, and noise. */
export function memoryTrace(
  { minutes, leakPerMin = 0, warmUpS, sawMb = 20, sawS = 17 }: MemoryShape,
  seed: number,
): MemoryReading[] {
  const random = seededRandom(seed);
  return Array.from({ length: minutes * 60 + 1 }, (_, second) => {
    const saw = sawMb * ((second % sawS) / sawS);
    const warmUp = warmUpS === undefined ? 0 : 30 * (1 - Math.exp(-second / warmUpS));
    return {
      atMs: second * 1_000,
      rssMb: 80 + saw + warmUp + (leakPerMin * second) / 60 + 0.5 * standardNormal(random),
    };
  });
}

/** Saw-teeth and warm-ups of all kinds: no leak is in any of them. */
export const healthyMemory: readonly MemoryShape[] = [
  { minutes: 10 },
  { minutes: 10, sawMb: 60, sawS: 25 },
  { minutes: 10, sawMb: 8, sawS: 7, warmUpS: 30 },
  { minutes: 10, warmUpS: 60 },
  { minutes: 10, sawMb: 40, sawS: 14, warmUpS: 120 },
  { minutes: 5, warmUpS: 60 },
  { minutes: 5, sawMb: 15, sawS: 6, warmUpS: 120 },
  { minutes: 20, warmUpS: 300 },
];

/** Two MiB a minute for ten minutes. */
export const leakingMemory: readonly MemoryShape[] = [
  { minutes: 10, leakPerMin: 2 },
  { minutes: 10, leakPerMin: 2, sawMb: 10, sawS: 8 },
  { minutes: 10, leakPerMin: 2, sawMb: 30, sawS: 14 },
  { minutes: 10, leakPerMin: 2, warmUpS: 30 },
];
