/** How a finding is called in exports, and its figures in the base units that both conventions want. */
import type { FindingSummary } from '../../load/measure/summary.ts';
import { figureName, type FigureUnit } from '../words/finding-figures.ts';
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

/**
 * No two have the same labels, since one series cannot have two values: the second of a kind, test and name gets a
 * number.
 */
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

/** A unit as the end of an OpenMetrics name, and in UCUM, which OpenTelemetry has beside the name. */
interface BaseUnit {
  readonly suffix: string;
  readonly ucum: string;
}

/** Base units, and what is counted in curly brackets: percentages are ratios, and no minute or megabyte is left. */
const baseUnits = {
  seconds: { suffix: 'seconds', ucum: 's' },
  bytes: { suffix: 'bytes', ucum: 'By' },
  ratio: { suffix: 'ratio', ucum: '1' },
  users: { suffix: 'users', ucum: '{user}' },
  requestsPerSecond: { suffix: 'per_second', ucum: '{request}/s' },
  perSecond: { suffix: 'per_second', ucum: '1/s' },
  bytesPerSecond: { suffix: 'bytes_per_second', ucum: 'By/s' },
  perRequest: { suffix: 'per_request', ucum: '1/{request}' },
  bytesPerRequest: { suffix: 'bytes_per_request', ucum: 'By/{request}' },
  number: { suffix: '', ucum: '1' },
} as const satisfies Readonly<Record<string, BaseUnit>>;

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
    const [base, converted] = inBaseUnit(number, unit);
    return [{ name: snake, unit: baseUnits[base], value: converted }];
  });
}

/** A division where a factor would leave dust behind: 87 ms are 0.087 s. */
function inBaseUnit(value: number, unit: FigureUnit): [unit: keyof typeof baseUnits, value: number] {
  switch (unit) {
    case 'ms':
      return ['seconds', value / 1_000];
    case 'seconds':
      return ['seconds', value];
    case 'minutes':
      return ['seconds', value * 60];
    case 'mb':
      return ['bytes', value * bytesPerMb];
    case 'mbPerMin':
      return ['bytesPerSecond', (value * bytesPerMb) / 60];
    case 'perMin':
      return ['perSecond', value / 60];
    case 'mbPer1000Requests':
      return ['bytesPerRequest', (value * bytesPerMb) / 1_000];
    case 'per1000Requests':
      return ['perRequest', value / 1_000];
    case 'percent':
    case 'points':
      return ['ratio', value / 100];
    case 'share':
    case 'ratio':
      return ['ratio', value];
    case 'perSec':
      return ['requestsPerSecond', value];
    case 'users':
      return ['users', value];
    default:
      return ['number', value];
  }
}
