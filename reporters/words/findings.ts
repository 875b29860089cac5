/** How findings are said on every surface: their glyph, and each value with its unit. */
import type { FindingTable, FindingUnit, FindingVerdict } from '../../load/measure/finding.ts';
import { formatCount, formatDuration, formatMb, formatValue } from '../../load/measure/units.ts';
import { unreachable } from '../../load/unreachable.ts';

export const findingGlyphs: Readonly<Record<FindingVerdict, string>> = {
  passed: '✓',
  measured: '○',
  failed: '✗',
  invalid: '⊘',
  inconclusive: '≟',
};

/** A cell of a finding's table, or a label of its chart; `–` where nothing was measured. */
export function findingValue(value: number | string | undefined, unit: FindingUnit): string {
  if (typeof value !== 'number') return typeof value === 'string' ? value : '–';
  switch (unit) {
    case 'ms':
    case 'share':
    case 'perSec':
    case 'count':
    case 'number':
      return formatValue(value, unit);
    case 'mb':
      return formatMb(value);
    case 'users':
      return formatCount(value);
    case 'pair':
      return Number.isInteger(value) ? formatCount(value) : 'all pairs';
    case 'seconds':
      return duration(value * 1_000);
    case 'minutes':
      return duration(value * 60_000);
    case 'ratio':
      return `${value.toFixed(2)} ×`;
    case 'text':
      return String(value);
    default:
      return unreachable(unit);
  }
}

function duration(ms: number): string {
  const whole = Math.round(ms);
  return whole < 0 ? `−${formatDuration(-whole)}` : formatDuration(whole);
}

/** What stands in a row under a column; names come from outside, so that of no inherited property is one. */
export function cellOf(row: FindingTable['rows'][number], name: string): number | string | undefined {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

/** A column of which nothing was measured says nothing. */
export function measuredColumns({ columns, rows }: FindingTable): FindingTable['columns'] {
  return columns.filter(({ name }) => rows.some((row) => cellOf(row, name) !== undefined));
}

/** `rests on 12 runs`; undefined where it rests on none. */
export function restsOn(runs: number): string | undefined {
  if (runs === 0) return undefined;
  return runs === 1 ? 'rests on 1 run' : `rests on ${formatCount(runs)} runs`;
}
