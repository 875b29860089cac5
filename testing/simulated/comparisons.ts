/** Comparisons of two servers that are made up by a seed. */
import { asksForMore, compareBlocks, type Comparison } from '../../load/analysis/comparison.ts';
import { seededRandom, standardNormal } from '../../load/random.ts';

export interface ComparedWorld {
  /** What `b` takes, as a multiple of `a`. */
  readonly slower: number;
  /** Deviation of the logarithm of a block's latency: p50, and twice that for p95. */
  readonly noise: number;
  /** For p50, and twice that for p95. */
  readonly tolerance: number;
}

/**
 * How 200 comparisons of ten pairs, and of ten more where it asks for them, end on a machine that gets slower and
 * faster by a fifth.
 */
export function endsOfComparisons({
  slower,
  noise,
  tolerance,
}: ComparedWorld): Partial<Record<Comparison['kind'], number>> {
  const random = seededRandom(11);
  const ends: Partial<Record<Comparison['kind'], number>> = { regression: 0, ok: 0, inconclusive: 0 };
  const asked = {
    tolerances: [
      { metric: 'p50', tolerance },
      { metric: 'p95', tolerance: 2 * tolerance },
    ],
    lost: 0.01,
    floor: '0.5ms',
    confidence: 0.975,
  } as const;
  for (let run = 0; run < 200; run += 1) {
    const phase = random() * 6;
    const block = (at: number, factor: number) => {
      const drift = 1 + 0.2 * Math.sin(phase + at / 5);
      const time = (ms: number, deviation: number) =>
        ms * factor * drift * Math.exp(deviation * standardNormal(random));
      return { latencyMs: { p50: time(20, noise), p95: time(40, 2 * noise) }, due: 300, ok: 300 };
    };
    const pairs = Array.from({ length: 20 }, (_, at) => ({ a: block(2 * at, 1), b: block(2 * at + 1, slower) }));
    const first = compareBlocks(pairs.slice(0, 10), asked);
    const { kind } = asksForMore(first) ? compareBlocks(pairs, asked) : first;
    ends[kind] = (ends[kind] ?? 0) + 1;
  }
  return ends;
}
