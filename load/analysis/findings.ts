/** One sentence for each finding, the same in the terminal, in an error and on the page. */
import { formatDuration, formatMb, formatMs, formatNumber, formatPercent } from '../measure/units.ts';
import { unreachable } from '../unreachable.ts';
import type { CpuRecovery } from './cpu-recovery.ts';
import type { Drift } from './drift.ts';
import type { HandleLeak } from './handle-leak.ts';
import type { Leak } from './leak.ts';
import type { MemoryGrowth } from './memory-growth.ts';
import type { PairedComparison } from './paired-comparison.ts';
import type { Recovery } from './recovery.ts';

/** `recovered after 3s (± 1s): p95 10.0 ms before, limit 15.0 ms`. */
export function describeRecovery(recovery: Recovery): string {
  switch (recovery.kind) {
    case 'recovered':
      return `recovered after ${formatDuration(recovery.afterMs)} (± ${formatDuration(recovery.resolutionMs)}): ${before(recovery)}`;
    case 'not-recovered':
      return `not recovered within ${formatDuration(recovery.watchedMs)}: ${before(recovery)}${residual(recovery.residualRatio)}`;
    case 'not-enough-data':
      return undecided(recovery.reason);
    default:
      return unreachable(recovery);
  }
}

/** `CPU back to idle after 2s: 3.0 % before, limit 8.0 %`. Percent of one core; `level` is what it was to come back to. */
export function describeCpuRecovery(recovery: CpuRecovery, level = 'idle'): string {
  switch (recovery.kind) {
    case 'recovered':
      return `CPU back to ${level} after ${formatDuration(recovery.afterMs)}: ${cpuBefore(recovery)}`;
    case 'not-recovered':
      return `CPU not back to ${level} within ${formatDuration(recovery.watchedMs)}: ${cpuBefore(recovery)}, ended ${points(recovery.residualPoints)} points above`;
    case 'process-ended':
      return processEnded(recovery.how);
    case 'not-enough-data':
      return undecided(recovery.reason);
    default:
      return unreachable(recovery);
  }
}

/** `memory grew by 21.0 MB (60.0 MB to 81.0 MB) and settled at 74.0 MB`. */
export function describeMemoryGrowth(growth: MemoryGrowth): string {
  switch (growth.kind) {
    case 'settled':
      return `${grew(growth)} and settled at ${formatMb(growth.finalMb)}`;
    case 'grew-too-much':
      return `${grew(growth)}, less than ${formatMb(growth.limitMb)} is allowed`;
    case 'still-growing':
      return `${grew(growth)} and still grew by ${formatMb(growth.tailRiseMb)} after the load`;
    case 'process-ended':
      return processEnded(growth.how);
    case 'not-enough-data':
      return undecided(growth.reason);
    default:
      return unreachable(growth);
  }
}

/** `leak of 3.1 MB/min (2.9 to 3.3) over 10m, 5.2 MB per 1,000 requests, full in 130 min`. */
export function describeLeak(leak: Leak): string {
  switch (leak.kind) {
    case 'leak': {
      const perRequests =
        leak.mbPer1000Requests === undefined ? '' : `, ${leak.mbPer1000Requests.toPrecision(2)} MB per 1,000 requests`;
      const full = leak.minutesToLimit === undefined ? '' : `, full in ${leak.minutesToLimit.toFixed(0)} min`;
      return `leak of ${slope(leak)}${perRequests}${full}`;
    }
    case 'levelling-off':
      return `memory rises by ${slope(leak)} and is levelling off`;
    case 'growing-run-too-short':
      return `memory rises by ${slope(leak)}, too short a run to tell a leak from a warm-up`;
    case 'no-leak-found':
      return `no leak of ${formatMb(leak.detectableMbPerMin)}/min or more over ${inSeconds(leak.watchedMs)}`;
    case 'not-enough-data':
      return undecided(leak.reason);
    default:
      return unreachable(leak);
  }
}

/** `leak of 12 handles/min (11 to 13) over 10m, 0.4 handles per 1,000 requests`. */
export function describeHandleLeak(leak: HandleLeak): string {
  switch (leak.kind) {
    case 'leak': {
      const per = leak.per1000Requests;
      return `leak of ${handleSlope(leak)}${per === undefined ? '' : `, ${per.toPrecision(2)} handles per 1,000 requests`}`;
    }
    case 'levelling-off':
      return `open handles rise by ${handleSlope(leak)} and are levelling off`;
    case 'growing-run-too-short':
      return `open handles rise by ${handleSlope(leak)}, too short a run to tell a leak from a warm-up`;
    case 'no-leak-found':
      return `no leak of ${formatNumber(Number(leak.detectablePerMin.toPrecision(2)))} handles/min or more over ${inSeconds(leak.watchedMs)}`;
    case 'not-enough-data':
      return undecided(leak.reason);
    default:
      return unreachable(leak);
  }
}

/**
 * `rises by 43 % (35 % to 52 %) over 10m, from 20.0 ms to 31.0 ms`, `jumps up by` where that was at once, or `steady at
 * 20.1 ms over 10m: a change of 12 % would have been seen`. `format` prints a value of the figure.
 */
export function describeDrift(drift: Drift, format: (value: number) => string): string {
  switch (drift.kind) {
    case 'rising':
    case 'falling': {
      const by = formatPercent(Math.abs(drift.change));
      const interval = `${signed(drift.changeLow)} to ${signed(drift.changeHigh)}`;
      const [rises, falls] = drift.atOnce === true ? ['jumps up', 'drops'] : ['rises', 'falls'];
      return `${drift.kind === 'rising' ? rises : falls} by ${by} (${interval}) over ${inSeconds(drift.watchedMs)}, from ${format(drift.from)} to ${format(drift.to)}`;
    }
    case 'steady':
      return `steady at ${format((drift.from + drift.to) / 2)} over ${inSeconds(drift.watchedMs)}: a change of ${formatPercent(drift.detectable)} would have been seen`;
    case 'too-noisy':
      return `too noisy to tell: a change of ${formatPercent(drift.detectable)} over ${inSeconds(drift.watchedMs)} could have hidden; run longer`;
    case 'not-enough-data':
      return undecided(drift.reason);
    default:
      return unreachable(drift);
  }
}

/** `12 % slower (8 % to 15 %) over 10 pairs: regression`. */
export function describePairs(comparison: PairedComparison): string {
  if (comparison.kind === 'not-enough-data') return undecided(comparison.reason);
  const { ratio, ratioLow, ratioHigh, pairs, kind, sensitive, detectable } = comparison;
  const blind = sensitive ? '' : `; it could only have seen ${signed(detectable)}`;
  return `${signed(ratio - 1)} (${signed(ratioLow - 1)} to ${signed(ratioHigh - 1)}) over ${pairs} pairs: ${kind}${blind}`;
}

function before({ baselineP95Ms, limitMs }: { readonly baselineP95Ms: number; readonly limitMs: number }): string {
  return `p95 ${formatMs(baselineP95Ms)} before, limit ${formatMs(limitMs)}`;
}

function residual(ratio: number | undefined): string {
  return ratio === undefined ? '' : `, ended at ${ratio.toFixed(1)} times`;
}

function cpuBefore({
  baselinePercent,
  limitPercent,
}: {
  readonly baselinePercent: number;
  readonly limitPercent: number;
}): string {
  return `${points(baselinePercent)} % before, limit ${points(limitPercent)} %`;
}

function grew({
  growthMb,
  baselineMb,
  peakMb,
}: {
  readonly growthMb: number;
  readonly baselineMb: number;
  readonly peakMb: number;
}): string {
  return `memory grew by ${formatMb(growthMb)} (${formatMb(baselineMb)} to ${formatMb(peakMb)})`;
}

type Slope = {
  readonly slopeMbPerMin: number;
  readonly slopeLow: number;
  readonly slopeHigh: number;
  readonly watchedMs: number;
};

function slope({ slopeMbPerMin, slopeLow, slopeHigh, watchedMs }: Slope): string {
  return `${formatMb(slopeMbPerMin)}/min (${slopeLow.toFixed(1)} to ${slopeHigh.toFixed(1)}) over ${inSeconds(watchedMs)}`;
}

function handleSlope({
  slopePerMin,
  slopeLow,
  slopeHigh,
  watchedMs,
}: Omit<Slope, 'slopeMbPerMin'> & { readonly slopePerMin: number }): string {
  return `${slopePerMin.toFixed(1)} handles/min (${slopeLow.toFixed(1)} to ${slopeHigh.toFixed(1)}) over ${inSeconds(watchedMs)}`;
}

/** Blocks of a run are no whole seconds long, and nobody wants to know. */
function inSeconds(ms: number): string {
  return formatDuration(Math.round(ms / 1_000) * 1_000);
}

function processEnded(how: 'exited' | 'restarted'): string {
  return how === 'exited' ? 'the process ended while it was watched' : 'the process was restarted while it was watched';
}

function undecided(reason: string): string {
  return `not enough data: ${reason}`;
}

function points(value: number): string {
  return value.toFixed(1);
}

/** `+12 %`, `-3.4 %`: a change in percent, to two significant digits or whole, and no finer than 0.01 %. */
export function signed(change: number): string {
  const percent = Number((change * 100).toFixed(2));
  const text = Math.abs(percent) >= 10 ? percent.toFixed(0) : Number(percent.toPrecision(2)).toString();
  return `${percent > 0 ? '+' : ''}${text} %`;
}
