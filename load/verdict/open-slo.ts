/**
 * Limits out of an OpenSLO document (openslo/v1, https://github.com/OpenSLO/OpenSLO): what an objective promises of each
 * request becomes a limit that a run is held against. Whatever would have to be guessed is refused by the name of its field.
 */
import { show } from '../measure/units.ts';
import { OptionsError } from '../options-error.ts';
import type { RunLimits } from './limits.ts';

/** Unit of a latency threshold: OpenSLO's `value` is a bare number. */
export type LatencyUnit = 'ms' | 's';

/** The one SLO that was asked for. */
export interface ReadSlo {
  readonly name: string;
  readonly limits: RunLimits;
}

interface Asked {
  /** `metadata.name` of the one that is meant. */
  readonly name: string | undefined;
  readonly latency: LatencyUnit | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Throws an `OptionsError` that names the field which is missing, wrong, or has no meaning for a run. */
export function readOpenSlo(documents: readonly unknown[], { name, latency }: Asked): ReadSlo {
  const objects = documents.filter((each): each is Fields => isFields(each));
  const slo = pick(objects, name);
  if (slo['apiVersion'] !== 'openslo/v1')
    refuse('apiVersion', `must be \`openslo/v1\`, got ${show(slo['apiVersion'])}`);
  const metadata = fieldsOf(slo, 'metadata', 'metadata');
  const spec = fieldsOf(slo, 'spec', 'spec');
  const method = spec['budgetingMethod'] ?? 'Occurrences';
  if (method !== 'Occurrences')
    refuse('spec.budgetingMethod', `must be \`Occurrences\`, since limits count requests, got ${show(method)}`);
  return {
    name: nameOf(metadata),
    limits: limitsOf(indicatorOf(spec, objects), objectiveOf(spec), latency),
  };
}

function pick(objects: readonly Fields[], name: string | undefined): Fields {
  const all = objects.filter((each) => each['kind'] === 'SLO');
  const found =
    name === undefined ? all : all.filter((each) => isFields(each['metadata']) && each['metadata']['name'] === name);
  const [slo] = found;
  if (slo === undefined)
    throw new OptionsError([
      name === undefined
        ? 'it holds no object of `kind: SLO`'
        : `it holds no SLO with the \`metadata.name\` ${show(name)}`,
    ]);
  if (found.length > 1)
    throw new OptionsError([`it holds ${found.length} SLOs: say which is meant by \`name\`, its \`metadata.name\``]);
  return slo;
}

function nameOf({ displayName, name }: Fields): string {
  const given = displayName ?? name;
  return typeof given === 'string' && given.trim() !== ''
    ? given
    : refuse('metadata.name', `must be a text, got ${show(given)}`);
}

/** The SLI's own fields: inline, or of an object of the same file. */
function indicatorOf(spec: Fields, objects: readonly Fields[]): Fields {
  const { indicator, indicatorRef: wanted } = spec;
  if (indicator !== undefined)
    return fieldsOf(fieldsOf(spec, 'indicator', 'spec.indicator'), 'spec', 'spec.indicator.spec');
  const referred = objects.find(
    (each) => each['kind'] === 'SLI' && isFields(each['metadata']) && each['metadata']['name'] === wanted,
  );
  return referred === undefined
    ? refuse('spec.indicatorRef', `must name an SLI of the same file, got ${show(wanted)}`)
    : fieldsOf(referred, 'spec', 'spec of the SLI');
}

function objectiveOf({ objectives }: Fields): Fields {
  const [objective] = Array.isArray(objectives) ? (objectives as readonly unknown[]) : [];
  if (!Array.isArray(objectives) || objectives.length !== 1 || !isFields(objective))
    return refuse('spec.objectives', `must be a list of one objective, got ${show(objectives)}`);
  for (const field of ['indicator', 'indicatorRef', 'compositeWeight', 'timeSliceTarget', 'timeSliceWindow'])
    if (objective[field] !== undefined)
      refuse(`spec.objectives[0].${field}`, 'has no meaning for the requests of one run');
  return objective;
}

function limitsOf(indicator: Fields, objective: Fields, latency: LatencyUnit | undefined): RunLimits {
  const { ratioMetric, thresholdMetric } = indicator;
  const percent = percentOf(objective);
  if (ratioMetric !== undefined && thresholdMetric !== undefined)
    refuse('spec.indicator.spec', 'must have one of `ratioMetric` and `thresholdMetric`, and has both');
  if (thresholdMetric !== undefined) return latencyLimit(objective, percent, latency);
  if (!isFields(ratioMetric)) return refuse('spec.indicator.spec', 'must have a `ratioMetric` or a `thresholdMetric`');
  return errorLimit(ratioMetric, objective, percent);
}

const percentiles: ReadonlyMap<number, keyof RunLimits> = new Map([
  [50, 'p50'],
  [75, 'p75'],
  [90, 'p90'],
  [95, 'p95'],
  [99, 'p99'],
  [99.9, 'p999'],
  [99.99, 'p9999'],
]);

const comparisons: ReadonlyMap<unknown, string> = new Map([
  ['lt', '<'],
  ['lte', '<='],
]);

/** So many percent of the requests within a threshold. */
function latencyLimit({ op, value }: Fields, percent: number, latency: LatencyUnit | undefined): RunLimits {
  const comparison = comparisons.get(op);
  if (comparison === undefined)
    refuse('spec.objectives[0].op', `must be \`lt\` or \`lte\` for a latency, got ${show(op)}`);
  if (typeof value !== 'number' || !Number.isFinite(value) || Number(plain(value)) <= 0)
    return refuse('spec.objectives[0].value', `must be a number above 0, got ${show(value)}`);
  if (latency === undefined)
    refuse(
      'spec.objectives[0].value',
      `is ${value} of a \`thresholdMetric\`, whose meaning OpenSLO does not know: if that is a request's latency, say so by \`latency: "ms"\` or \`latency: "s"\``,
    );
  const percentile = percentiles.get(percent);
  if (percentile === undefined)
    return refuse(
      'spec.objectives[0].target',
      `is ${percent} %, and the percentiles that are limited are ${[...percentiles.keys()].join(', ')}`,
    );
  return { [percentile]: `${comparison} ${plain(value)}${latency}` };
}

/** A share of requests that may go wrong. One of a histogram's buckets is a share of slow ones, which no error rate is. */
function errorLimit(ratio: Fields, { op, value }: Fields, percent: number): RunLimits {
  if (op !== undefined || value !== undefined)
    refuse(`spec.objectives[0].${op === undefined ? 'value' : 'op'}`, 'belongs to a `thresholdMetric`');
  const isOfBuckets = /_bucket\b|\ble\s*(?:=|!|~)/.test(JSON.stringify(ratio));
  if (isOfBuckets)
    refuse(
      'spec.indicator.spec.ratioMetric',
      'counts the buckets of a histogram, so it is a latency whose limit only its query knows: write it as a `thresholdMetric`',
    );
  return { errorRate: `<= ${plain(Number((100 - percent).toPrecision(12)))}%` };
}

/** A `thresholdMetric` or a `ratioMetric` alike promise a share of the requests. */
function percentOf({ target, targetPercent }: Fields): number {
  if (target !== undefined && targetPercent !== undefined)
    refuse('spec.objectives[0].target', 'and `targetPercent` exclude each other');
  const field = target === undefined ? 'targetPercent' : 'target';
  const given = target ?? targetPercent;
  const whole = target === undefined ? 100 : 1;
  if (typeof given !== 'number' || !(given > 0 && given < whole))
    return refuse(`spec.objectives[0].${field}`, `must be above 0 and below ${whole}, got ${show(given)}`);
  return Number(((given * 100) / whole).toPrecision(12));
}

/** As limits are written: no exponent. */
function plain(value: number): `${number}` {
  return value.toFixed(9).replace(/\.?0+$/, '') as `${number}`;
}

function fieldsOf(of: Fields, key: string, path: string): Fields {
  const value = of[key];
  return isFields(value) ? value : refuse(path, `must hold fields, got ${show(value)}`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(field: string, why: string): never {
  throw new OptionsError([`\`${field}\` ${why}`]);
}
