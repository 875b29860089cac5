/** Numbers as the terminal prints them; a dash for what was not measured. */
import type { Unit } from '../../../load/verdict/metric.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../../../load/measure/units.ts';

export const absent = '–';

export function ms(value: number | undefined): string {
  return value === undefined ? absent : formatMs(value);
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

export function bare(value: number): string {
  return Math.abs(value) >= 1_000 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(4)));
}

export function inUnit(value: number | undefined, unit: Unit): string {
  if (value === undefined) return 'no data';
  switch (unit) {
    case 'ms':
      return formatMs(value);
    case 'share':
      return formatPercent(value);
    case 'perSec':
      return formatRate(value);
    case 'count':
      return formatCount(value);
    default:
      return bare(value);
  }
}

/** `+12.3 %` of a change against a baseline; absent without both, or against nothing. */
export function change(now: number | undefined, before: number | undefined): string | undefined {
  if (now === undefined || before === undefined || before === 0) return undefined;
  const percent = (100 * (now - before)) / before;
  if (Math.abs(percent) < 0.05) return '±0 %';
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent) >= 100 ? Math.abs(percent).toFixed(0) : Math.abs(percent).toFixed(1)} %`;
}
