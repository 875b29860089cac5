/**
 * Turns what a user wrote in `toMeet({ … })` into thresholds. All that is wrong is reported at once, with the form that
 * would have been right.
 */
import { OptionsError } from '../options-error.ts';
import type { RunPlan } from '../measure/run-data.ts';
import type { Comparison, Limit, Scope, Threshold, TimeWindow } from '../measure/threshold.ts';
import { durationMsOf, parseRate, shareOf, show, type Unit } from '../measure/units.ts';
import { groupMetrics, groupUnitOf } from './group-metric.ts';
import {
  latencyGroupOf,
  latencyGroups,
  latencyOf,
  latencyStatistics,
  metricStatistics,
  metricUnitOf,
  plainMetrics,
  unitOf,
} from './metric.ts';
import { probeMetrics, probeUnitOf } from './probe-metric.ts';
import { numberGroups } from './stream-metrics.ts';
import { unreachable } from '../unreachable.ts';

/** What limits are put on: a scope, perhaps only a part of its time, in a run of a model. */
export interface Subject {
  readonly scope: Scope;
  readonly window?: TimeWindow;
  readonly model: 'open' | 'closed';
  readonly apdexGiven: boolean;
}

/** A run as a whole. */
export function wholeRun({ model, apdexMs }: Pick<RunPlan, 'model' | 'apdexMs'>): Subject {
  return { scope: { kind: 'run' }, model, apdexGiven: apdexMs !== undefined };
}

const shape = /^\s*(<=|>=|==|<|>)?\s*(\S+)\s*$/;

const forms: Readonly<Record<Unit, string>> = {
  ms: '`< 100ms` or `<= 1.5s`',
  share: '`100%`, `> 99%` or `>= 99.9%`',
  perSec: '`> 495/s`',
  count: '`0`, `< 5` or `>= 100`',
  number: '`> 0.9` or `<= 12`',
};

/**
 * `takenBy` is what the limits were given to. Throws `OptionsError` listing every problem; an empty object is one too, for
 * it would pass anything.
 */
export function parseLimits(limits: object, subject: Subject, takenBy = 'toMeet'): Threshold[] {
  const problems: string[] = [];
  if (!isGroup(limits))
    throw new OptionsError([`\`${takenBy}\` takes limits such as \`{ p95: "< 200ms" }\`, got ${show(limits)}`]);
  const thresholds = flatten(limits, '', problems).flatMap(([metric, given]) =>
    thresholdOf(metric, given, subject, problems),
  );
  if (problems.length === 0 && thresholds.length === 0) {
    problems.push(`\`${takenBy}\` needs at least one limit, such as \`{ successRate: "> 99%", p95: "< 200ms" }\``);
  }
  if (problems.length > 0) throw new OptionsError(problems);
  return thresholds;
}

/** `{ serviceTime: { p99: … } }` → `serviceTime.p99`. An object with `target` is a limit, not a group. */
function flatten(limits: object, prefix: string, problems: string[]): [string, unknown][] {
  return Object.entries(limits).flatMap(([key, value]: [string, unknown]): [string, unknown][] => {
    if (value === undefined) return [];
    if (!isGroup(value) || ('target' in value && !isGroup(value.target))) return [[`${prefix}${key}`, value]];
    const inner = flatten(value, `${prefix}${key}.`, problems);
    if (inner.length === 0) problems.push(`\`${prefix}${key}\` has no limit: it would pass anything`);
    return inner;
  });
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function thresholdOf(metric: string, given: unknown, subject: Subject, problems: string[]): Threshold[] {
  const unit = unitFor({ metric, scope: subject.scope });
  if (unit === undefined) {
    problems.push(
      `\`${metric}\` is no metric of ${describeSubject(subject)}; known are ${knownMetrics(subject).join(', ')}`,
    );
    return [];
  }
  const found = problems.length;
  problems.push(...misfits(metric, subject));
  const pair =
    typeof given === 'object' && given !== null
      ? (given as { target?: unknown; acceptable?: unknown })
      : { target: given };
  const target = limitOf(metric, pair.target, unit, problems);
  const acceptable = pair.acceptable === undefined ? undefined : limitOf(metric, pair.acceptable, unit, problems);
  if (target === undefined || problems.length > found) return [];
  const { scope, window } = subject;
  return [
    { scope, ...(window !== undefined && { window }), metric, target, ...(acceptable !== undefined && { acceptable }) },
  ];
}

/** Undefined where there is no such metric of it. */
export function unitFor({ metric, scope }: Pick<Threshold, 'metric' | 'scope'>): Unit | undefined {
  if (scope.kind === 'check') return metric === 'rate' ? 'share' : undefined;
  if (scope.kind === 'metric') return metricUnitOf(metric);
  if (scope.kind === 'group') return groupUnitOf(metric);
  if (scope.kind === 'probe') return probeUnitOf(metric);
  return unitOf(metric);
}

/** Metrics that exist, but not for this subject. */
function misfits(metric: string, { scope, window, model, apdexGiven }: Subject): string[] {
  const problems: string[] = [];
  if (hasMetricsOfItsOwn(scope)) return problems;
  const plain = plainMetrics.get(metric);
  const latency = latencyOf(metric);
  const row = plain ?? latencyGroupOf(latency?.group ?? '');
  if (row?.openOnly === true && model === 'closed') {
    problems.push(
      `\`${metric}\` needs an open model (\`arrivals\`): in a closed one the next request waits for the last, so nothing has an intended start`,
    );
  }
  if (row?.of === 'run' && (scope.kind === 'endpoint' || scope.kind === 'tag'))
    problems.push(`\`${metric}\` is known of the whole run, not of ${scope.kind === 'tag' ? 'a tag' : 'an endpoint'}`);
  if (window !== undefined) problems.push(...notByTime(metric));
  if (metric === 'apdex' && !apdexGiven)
    problems.push('`apdex` needs its threshold: `load(profile, scenario, { apdex: "500ms" })`');
  return problems;
}

function hasMetricsOfItsOwn({ kind }: Scope): boolean {
  return kind === 'check' || kind === 'metric' || kind === 'group' || kind === 'probe';
}

function notByTime(metric: string): string[] {
  if (metric === 'stdev') return ['`stdev` is not kept by time'];
  const latency = latencyOf(metric);
  const isBare = latency !== undefined && latency.group === undefined;
  const byTime = latencyGroupOf(latency?.group ?? '')?.inWindows;
  if (byTime !== undefined && (latency?.statistic === 'mean' || latency?.statistic === 'stdev'))
    return [`\`${metric}\` is not kept by time; of \`${byTime}\` percentiles, \`min\` and \`max\` are`];
  if (isBare || byTime !== undefined || plainMetrics.get(metric)?.inWindow !== undefined) return [];
  const others = `${windowed.slice(0, -1).join(', ')} and ${windowed.at(-1) ?? ''}`;
  return [`\`${metric}\` is not kept by time; windows know latencies, ${others}`];
}

const windowed = [
  ...[...plainMetrics].flatMap(([name, { inWindow }]) => (inWindow === undefined ? [] : [name])),
  ...[...latencyGroups].flatMap(([name, { inWindows }]) => (inWindows === undefined ? [] : [`${name}.*`])),
];

function limitOf(metric: string, given: unknown, unit: Unit, problems: string[]): Limit | undefined {
  const [, comparison, text] = (typeof given === 'string' ? shape.exec(given) : null) ?? [];
  const value = text === undefined ? undefined : valueOf(text, unit);
  const exact = unit === 'share' || unit === 'count';
  if (value === undefined || (comparison === undefined && !exact)) {
    problems.push(`\`${metric}\` must be a limit such as ${forms[unit]}, got ${show(given)}`);
    return undefined;
  }
  if (unit === 'share' && value > 1) problems.push(`\`${metric}\` is a share of 100%, got ${show(given)}`);
  return { comparison: (comparison ?? '==') as Comparison, value, text: String(given).trim() };
}

function valueOf(text: string, unit: Unit): number | undefined {
  switch (unit) {
    case 'ms':
      return durationMsOf(text);
    case 'share':
      return shareOf(text);
    case 'perSec':
      return ratePerSec(text);
    case 'count':
      return /^\d+$/.test(text) ? Number(text) : undefined;
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    default:
      return unreachable(unit);
  }
}

function ratePerSec(text: string): number | undefined {
  try {
    const { count, perMs } = parseRate(text);
    return (count * 1_000) / perMs;
  } catch {
    return undefined; // the caller says what form was expected of this metric
  }
}

function describeSubject({ scope, window }: Subject): string {
  const part = window === undefined ? '' : ' in a part of its time';
  if (scope.kind === 'run') return `a run${part}`;
  if (scope.kind === 'loads') return `several loads${part}`;
  if (scope.kind === 'probe') return 'a page beside a load';
  return `a${scope.kind === 'endpoint' ? 'n endpoint' : ` ${scope.kind}`}${part}`;
}

function knownMetrics({ scope }: Subject): string[] {
  if (scope.kind === 'check') return ['rate'];
  if (scope.kind === 'metric') return [...metricStatistics];
  if (scope.kind === 'group') return [...groupMetrics];
  if (scope.kind === 'probe') return [...probeMetrics];
  const isStatistic = (name: string) => numberGroups.some((group) => name.startsWith(`${group}.`));
  const groups = [...latencyGroups.keys(), 'serverTiming.<name>', ...numberGroups];
  return [
    ...[...plainMetrics.keys()].filter((name) => !isStatistic(name)),
    ...latencyStatistics,
    ...groups.map((group) => `${group}.*`),
  ];
}
