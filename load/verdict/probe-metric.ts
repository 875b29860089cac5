/** What a limit on a page beside a load may name, and how it is read: `lcp.p75`, `actions.pay.max`, `added.actions.pay`. */
import { type ProbeData, type Vital, vitals } from '../measure/probe-data.ts';
import { type ProbeStats, type ProbeSummary, summarizeProbe } from '../measure/probe-summary.ts';
import type { RunData } from '../measure/run-data.ts';
import type { Culprit } from '../measure/run-event.ts';
import { formatCount, type Unit } from '../measure/units.ts';
import { nameWords } from './error-words.ts';
import type { PageTimeLimits } from './probe-limits.ts';

const statistics: Readonly<Record<keyof PageTimeLimits, true>> = {
  min: true,
  p50: true,
  p75: true,
  p95: true,
  max: true,
};

/** As they are written; `*` stands for a statistic, `<name>` for an action. */
export const probeMetrics: readonly string[] = [
  ...vitals.map((vital) => `${vital}.*`),
  'actions.<name>.*',
  ...vitals.map((vital) => `added.${vital}`),
  'added.actions.<name>',
  'failedRounds',
];

type ProbeMetric =
  | { readonly kind: 'failedRounds' }
  | { readonly kind: 'vital'; readonly vital: Vital; readonly statistic: keyof PageTimeLimits }
  | { readonly kind: 'action'; readonly action: string; readonly statistic: keyof PageTimeLimits }
  | { readonly kind: 'added vital'; readonly vital: Vital }
  | { readonly kind: 'added action'; readonly action: string };

/** Undefined for what is none. An action may have dots in its name. */
function metricOf(text: string): ProbeMetric | undefined {
  if (text === 'failedRounds') return { kind: 'failedRounds' };
  const [, addedAction] = /^added\.actions\.(.+)$/s.exec(text) ?? [];
  if (addedAction !== undefined) return { kind: 'added action', action: addedAction };
  const [, addedVital] = /^added\.(\w+)$/.exec(text) ?? [];
  if (addedVital !== undefined) return isVital(addedVital) ? { kind: 'added vital', vital: addedVital } : undefined;
  const [, action, ofAction = ''] = /^actions\.(.+)\.(\w+)$/s.exec(text) ?? [];
  if (action !== undefined) return isStatistic(ofAction) ? { kind: 'action', action, statistic: ofAction } : undefined;
  const [, vital = '', ofVital = ''] = /^(\w+)\.(\w+)$/.exec(text) ?? [];
  return isVital(vital) && isStatistic(ofVital) ? { kind: 'vital', vital, statistic: ofVital } : undefined;
}

function isVital(word: string): word is Vital {
  return vitals.some((vital) => vital === word);
}

function isStatistic(word: string): word is keyof PageTimeLimits {
  return Object.hasOwn(statistics, word);
}

/** Undefined if a page has no such metric. */
export function probeUnitOf(text: string): Unit | undefined {
  const metric = metricOf(text);
  if (metric === undefined) return undefined;
  if (metric.kind === 'failedRounds') return 'count';
  return 'vital' in metric && metric.vital === 'cls' ? 'number' : 'ms';
}

/** Undefined without data. */
export function probeValue(probe: ProbeData, text: string): number | undefined {
  const metric = metricOf(text);
  if (metric === undefined) return undefined;
  if (metric.kind === 'failedRounds') return failedRounds(probe).length;
  return valueIn(summarizeProbe('', probe), metric);
}

function valueIn(
  { load, added }: ProbeSummary,
  metric: Exclude<ProbeMetric, { kind: 'failedRounds' }>,
): number | undefined {
  switch (metric.kind) {
    case 'vital':
      return load[metric.vital]?.[metric.statistic];
    case 'action':
      return own<ProbeStats>(load.actions, metric.action)?.[metric.statistic];
    case 'added vital':
      return added[metric.vital];
    case 'added action':
      return own<number>(added.actions, metric.action);
  }
}

/** An action may be called as what every object has. */
function own<Value>(of: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

function failedRounds({ rounds }: ProbeData): string[] {
  return rounds.flatMap(({ failure }) => failure ?? []);
}

/** What most of them say. */
export function failedRoundsCulprit({ probes }: RunData, name: string): Culprit | undefined {
  const counts = new Map<string, number>();
  const probe = probes.get(name);
  for (const failure of probe === undefined ? [] : failedRounds(probe))
    counts.set(failure, (counts.get(failure) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (most === undefined) return undefined;
  const others = counts.size === 1 ? '' : `, and ${formatCount(counts.size - 1)} more`;
  return { name, words: `${formatCount(most[1])} × ${nameWords(most[0])}${others}` };
}
