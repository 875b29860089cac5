/** How often verdicts are wrong where the truth is made up: comparisons, leaks and baselines of seeded simulations. */
import { findLeak } from '../../../load/analysis/leak.ts';
import { flaggedByBaseline } from '../../../testing/simulated/baselines.ts';
import { type ComparedWorld, endsOfComparisons } from '../../../testing/simulated/comparisons.ts';
import { healthyMemory, leakingMemory, type MemoryShape, memoryTrace } from '../../../testing/simulated/memory.ts';
import { alignedTable } from '../../table.ts';

export interface SimulatedRow {
  readonly what: string;
  readonly of: number;
  /** Share of them that were told so, 0 to 1. */
  readonly told: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export function simulatedRows(): SimulatedRow[] {
  return [
    regressions(
      'equal servers, noise of 3 %: regression',
      { slower: 1, noise: 0.03, tolerance: 0.05 },
      { atMost: 0.03 },
    ),
    regressions(
      'equal servers, noise of 5 %: regression',
      { slower: 1, noise: 0.05, tolerance: 0.05 },
      { atMost: 0.03 },
    ),
    regressions(
      '10 % slower, noise of 3 %: regression',
      { slower: 1.1, noise: 0.03, tolerance: 0.05 },
      { atLeast: 0.95 },
    ),
    { ...leaks('memory with saw-teeth and warm-ups: leak', healthyMemory, 25), atMost: 0 },
    { ...leaks('2 MB/min for ten minutes: leak', leakingMemory, 100), atLeast: 0.95 },
    ...[0.03, 0.08].map((noise) => ({
      what: `baseline of ten equal runs, noise of ${noise * 100} %: fails`,
      of: 2_000,
      told: flaggedByBaseline({ noise, shared: 0.5 }, 0).twice,
      atMost: 0.005,
    })),
  ];
}

function regressions(
  what: string,
  world: ComparedWorld,
  limits: Pick<SimulatedRow, 'atLeast' | 'atMost'>,
): SimulatedRow {
  const ends = endsOfComparisons(world);
  const of = Object.values(ends).reduce((sum, count) => sum + count, 0);
  return { what, of, told: (ends.regression ?? 0) / of, ...limits };
}

function leaks(what: string, shapes: readonly MemoryShape[], each: number): SimulatedRow {
  const kinds = shapes.flatMap((shape) =>
    Array.from({ length: each }, (_, at) => findLeak({ readings: memoryTrace(shape, 500 + at) }).kind),
  );
  return { what, of: kinds.length, told: kinds.filter((kind) => kind === 'leak').length / kinds.length };
}

export const isWithin = ({ told, atLeast = 0, atMost = 1 }: SimulatedRow): boolean => told >= atLeast && told <= atMost;

export function simulatedTable(rows: readonly SimulatedRow[]): string[] {
  const percent = (share: number) => `${Number((share * 100).toFixed(2))} %`;
  const bar = ({ atLeast, atMost }: SimulatedRow) =>
    atLeast === undefined ? `≤ ${percent(atMost ?? 1)}` : `≥ ${percent(atLeast)}`;
  return alignedTable(
    ['simulated', 'times', 'told', 'limit', ''],
    rows.map((row) => [row.what, String(row.of), percent(row.told), bar(row), isWithin(row) ? '✓' : '✗']),
    1,
  );
}
