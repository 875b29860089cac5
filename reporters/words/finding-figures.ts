/** The figures of a finding in words: what their names say, apart from the unit that they end in. */
import type { Finding, FindingUnit } from '../../load/measure/finding.ts';
import { findingValue } from './findings.ts';

export interface FigureName {
  /** Lower case, without the unit. */
  readonly words: readonly string[];
  readonly unit: FindingUnit;
}

const endings = [
  ['PerSec', 'perSec'],
  ['Minutes', 'minutes'],
  ['Seconds', 'seconds'],
  ['Share', 'share'],
  ['Ratio', 'ratio'],
  ['Ms', 'ms'],
  ['Mb', 'mb'],
] as const satisfies readonly (readonly [string, FindingUnit])[];

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
    return [words.join(' '), typeof value === 'boolean' ? (value ? 'yes' : 'no') : findingValue(value, unit)];
  });
}
