/** Numbers as the terminal prints them; a dash for what was not measured. */
import { carries, percents, unsureMark } from '../../../load/measure/carried.ts';
import type { LatencyStats } from '../../../load/measure/histogram.ts';
import {
  formatCount,
  formatMs,
  formatPercent,
  formatRate,
  formatValue,
  type Unit,
} from '../../../load/measure/units.ts';

export const absent = '–';

export function ms(value: number | undefined): string {
  return value === undefined ? absent : formatMs(value);
}

/** Marked where its count does not carry it. */
export function percentile(stats: Partial<LatencyStats>, name: 'p50' | 'p90' | 'p95' | 'p99'): string {
  const value = stats[name];
  if (value === undefined) return absent;
  const isSure = stats.count === undefined || carries(percents[name], stats.count);
  return isSure ? formatMs(value) : `${unsureMark}${formatMs(value)}`;
}

export function share(value: number | undefined): string {
  return value === undefined ? absent : formatPercent(value);
}

export function rate(value: number | undefined): string {
  return value === undefined ? absent : formatRate(value);
}

export function count(value: number | undefined): string {
  return value === undefined ? absent : formatCount(value);
}

export function inUnit(value: number | undefined, unit: Unit): string {
  return value === undefined ? 'no data' : formatValue(value, unit);
}

/** `+12.3 %` of a change against a baseline; absent without both, or against nothing. */
export function change(now: number | undefined, before: number | undefined): string | undefined {
  if (now === undefined || before === undefined || before === 0) return undefined;
  const percent = (100 * (now - before)) / before;
  if (Math.abs(percent) < 0.05) return '±0 %';
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent) >= 100 ? Math.abs(percent).toFixed(0) : Math.abs(percent).toFixed(1)} %`;
}
