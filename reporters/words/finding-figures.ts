/** The figures of a finding in words: what their names say, apart from the unit that they end in. */
import type { Finding, FindingUnit } from '../../load/measure/finding.ts';
import { formatNumber, formatPercent } from '../../load/measure/units.ts';
import { findingValue } from './findings.ts';

/** `points`: of a percentage. A figure has units that no cell of a table and no axis has. */
export type FigureUnit =
  FindingUnit | 'percent' | 'points' | 'perMin' | 'mbPerMin' | 'per1000Requests' | 'mbPer1000Requests';

export interface FigureName {
  /** Lower case, without the unit. */
  readonly words: readonly string[];
  readonly unit: FigureUnit;
}

/** One that ends in another comes before it. */
const endings = [
  ['MbPer1000Requests', 'mbPer1000Requests'],
  ['Per1000Requests', 'per1000Requests'],
  ['MbPerMin', 'mbPerMin'],
  ['PerMin', 'perMin'],
  ['PerSec', 'perSec'],
  ['Minutes', 'minutes'],
  ['Seconds', 'seconds'],
  ['Percent', 'percent'],
  ['Points', 'points'],
  ['Share', 'share'],
  ['Ratio', 'ratio'],
  ['Ms', 'ms'],
  ['Mb', 'mb'],
  ['Users', 'users'],
] as const satisfies readonly (readonly [string, FigureUnit])[];

/** `uslPeakPerSec` is `usl peak`, per second. */
export function figureName(name: string): FigureName {
  const [ending, unit] = endings.find(([end]) => name.endsWith(end) && name.length > end.length) ?? ['', 'number'];
  const words = name
    .slice(0, name.length - ending.length)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  return { words, unit };
}

/** Each figure as a name and a value that people read. */
export function figureWords({ figures }: Pick<Finding, 'figures'>): [name: string, value: string][] {
  return Object.entries(figures).map(([name, value]) => {
    const { words, unit } = figureName(name);
    return [words.join(' '), typeof value === 'boolean' ? (value ? 'yes' : 'no') : figureValue(value, unit)];
  });
}

function figureValue(value: number | string, unit: FigureUnit): string {
  if (typeof value === 'string') return value;
  switch (unit) {
    case 'percent':
      return formatPercent(value / 100);
    case 'points':
      return `${formatNumber(value)} points`;
    case 'perMin':
      return `${formatNumber(value)}/min`;
    case 'mbPerMin':
      return `${formatNumber(value)} MB/min`;
    case 'per1000Requests':
      return `${formatNumber(value)} per 1,000 requests`;
    case 'mbPer1000Requests':
      return `${formatNumber(value)} MB per 1,000 requests`;
    default:
      return findingValue(value, unit);
  }
}
