/** How findings are said on every surface: their glyph, and each value with its unit. */
import type { FindingUnit, FindingVerdict } from '../../load/measure/finding.ts';
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
  if (value === undefined) return '–';
  if (typeof value === 'string') return value;
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
    case 'pair':
      return formatCount(value);
    case 'seconds':
      return formatDuration(Math.round(value * 1_000));
    case 'minutes':
      return formatDuration(Math.round(value * 60_000));
    case 'ratio':
      return `${value.toFixed(2)} ×`;
    case 'text':
      return String(value);
    default:
      return unreachable(unit);
  }
}
