/**
 * The plain rule for memory in a short run: under load it may grow by so much over the idle baseline, and afterwards
 * it must have settled, that is, have stopped growing. Whether it leaks slowly is for `leak.ts` and a longer run.
 */
import type { ResourceSeries } from '../measure/resource-series.ts';
import { median } from './statistics/quantile.ts';

/** What counts as too much, and as settled. */
export type MemoryGrowthOptions = {
  /** Allowed peak above the baseline, MiB. */
  readonly limitMb: number;
  /** Readings at each end of the tail whose medians are compared. */
  readonly edgeReadings: number;
  /** A rise within the tail below this is noise, MiB. */
  readonly settledMb: number;
  /** The same as a share of the level. The greater of the two holds. */
  readonly settledShare: number;
  /** Back at the baseline means within this share of it, plus `returnedMb`. */
  readonly returnedShare: number;
  /** MiB. */
  readonly returnedMb: number;
};

export const defaultMemoryGrowthOptions: MemoryGrowthOptions = {
  limitMb: 100,
  edgeReadings: 3,
  settledMb: 5,
  settledShare: 0.05,
  returnedShare: 0.1,
  returnedMb: 10,
};

type Measured = {
  /** Median while idle, MiB. */
  readonly baselineMb: number;
  /** Highest under and after load, MiB. */
  readonly peakMb: number;
  /** Median at the end of the tail, MiB. */
  readonly finalMb: number;
  /** Peak less baseline, MiB. */
  readonly growthMb: number;
  /** Change within the tail, MiB. */
  readonly tailRiseMb: number;
  /** For information: an allocator may keep pages that the program no longer uses. */
  readonly returned: boolean;
};

/** How memory grew under load, and whether it settled afterwards. */
export type MemoryGrowth =
  | ({ readonly kind: 'settled' } & Measured)
  | ({
      readonly kind: 'grew-too-much';
      /** What was allowed, MiB. */
      readonly limitMb: number;
    } & Measured)
  | ({ readonly kind: 'still-growing' } & Measured)
  | {
      readonly kind: 'process-ended';
      /** Whether its id belongs to another process now. */
      readonly how: 'exited' | 'restarted';
    }
  | {
      readonly kind: 'not-enough-data';
      /** What is missing, in words. */
      readonly reason: string;
    };

/** Judges a series that was sampled before, under and after load: `load(…, { observe: { before: '12s', after: '15s' } })`. */
export function memoryGrowth(series: ResourceSeries, options: Partial<MemoryGrowthOptions> = {}): MemoryGrowth {
  const settings = { ...defaultMemoryGrowthOptions, ...options };
  if (series.ended) return { kind: 'process-ended', how: series.ended };
  const rss = (phase: string): number[] =>
    series.samples.filter((sample) => sample.phase === phase).map((sample) => sample.rssMb);
  const [load, tail] = [rss('load'), rss('after')];
  const baselineMb = median(rss('baseline'));
  const firstMb = median(tail.slice(0, settings.edgeReadings));
  const finalMb = median(tail.slice(-settings.edgeReadings));
  if (baselineMb === undefined) return { kind: 'not-enough-data', reason: 'memory was not sampled before the load' };
  if (load.length === 0) return { kind: 'not-enough-data', reason: 'memory was not sampled under load' };
  if (firstMb === undefined || finalMb === undefined || tail.length < 2 * settings.edgeReadings) {
    return {
      kind: 'not-enough-data',
      reason: `${tail.length} readings were taken after the load, ${2 * settings.edgeReadings} are needed`,
    };
  }
  const peakMb = Math.max(...load, ...tail);
  const measured: Measured = {
    baselineMb,
    peakMb,
    finalMb,
    growthMb: peakMb - baselineMb,
    tailRiseMb: finalMb - firstMb,
    returned: finalMb <= baselineMb * (1 + settings.returnedShare) + settings.returnedMb,
  };
  if (measured.growthMb >= settings.limitMb) return { kind: 'grew-too-much', limitMb: settings.limitMb, ...measured };
  const noiseMb = Math.max(settings.settledMb, settings.settledShare * firstMb);
  return { kind: measured.tailRiseMb > noiseMb ? 'still-growing' : 'settled', ...measured };
}
