/** How a finding is called in exports, and its figures in the base units that both conventions want. */
import type { FindingUnit } from '../../load/measure/finding.ts';
import type { FindingSummary } from '../../load/measure/summary.ts';
import { figureName } from '../words/finding-figures.ts';
import { plainLine } from '../words/plain-text.ts';

export interface FindingLabels {
  readonly project: string;
  readonly test: string;
  readonly kind: string;
  /** Empty for one without a name. */
  readonly name: string;
}

export interface LabelledFinding {
  readonly finding: FindingSummary;
  readonly labels: FindingLabels;
}

/** No two have the same labels, since one series cannot have two values: the second of a kind, test and name gets a number. */
export function labelledFindings(findings: readonly FindingSummary[]): LabelledFinding[] {
  const times = new Map<string, number>();
  return findings.map((finding) => {
    const labels = labelsOf(finding);
    const key = JSON.stringify(labels);
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    return { finding, labels: time === 1 ? labels : { ...labels, name: `${labels.name} (${time})`.trimStart() } };
  });
}

function labelsOf({ project, title, kind, name = '' }: FindingSummary): FindingLabels {
  return { project: plainLine(project), test: title.map(plainLine).join(' › '), kind, name: plainLine(name) };
}

/** What a figure is counted in, in exports. */
export type BaseUnit = 'seconds' | 'bytes' | 'ratio' | 'per_second' | 'number';

export interface ExportedFigure {
  /** Snake case, without its unit: `usl_peak`. */
  readonly name: string;
  readonly unit: BaseUnit;
  readonly value: number;
}

const bytesPerMb = 1_048_576;

/** Numbers, and yes or no as 1 or 0; a text is no figure of a time series. */
export function exportedFigures({ figures }: Pick<FindingSummary, 'figures'>): ExportedFigure[] {
  return Object.entries(figures).flatMap(([name, value]) => {
    if (typeof value === 'string') return [];
    const { words, unit } = figureName(name);
    const number = Number(value);
    const snake = words.join('_').replaceAll(/[^a-z0-9]+/g, '_') || 'figure';
    return [{ name: snake, ...inBaseUnit(number, unit) }];
  });
}

/** A division where a factor would leave dust behind: 87 ms are 0.087 s. */
function inBaseUnit(value: number, unit: FindingUnit): Pick<ExportedFigure, 'unit' | 'value'> {
  switch (unit) {
    case 'ms':
      return { unit: 'seconds', value: value / 1_000 };
    case 'seconds':
      return { unit: 'seconds', value };
    case 'minutes':
      return { unit: 'seconds', value: value * 60 };
    case 'mb':
      return { unit: 'bytes', value: value * bytesPerMb };
    case 'share':
    case 'ratio':
      return { unit: 'ratio', value };
    case 'perSec':
      return { unit: 'per_second', value };
    default:
      return { unit: 'number', value };
  }
}
