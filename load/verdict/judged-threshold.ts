/** A limit that was held against the numbers, and the words for it that every surface prints. */
import type { ThresholdSummary } from '../measure/summary.ts';
import { formatValue, type Unit } from '../measure/units.ts';
import { windowWords } from './when.ts';

/** A limit held against the numbers, with the unit of its value. */
export interface JudgedThreshold extends ThresholdSummary {
  /** Of `actual`: milliseconds, a share of 1, per second, a count, or the metric's own. */
  readonly unit: Unit;
}

/** `312 ms`, of windows with the time of the worst: `72.0 % from 0:50 to 1:00`. */
export function receivedText({ actual, unit, at }: Pick<JudgedThreshold, 'actual' | 'unit' | 'at'>): string {
  const value = actual === undefined ? 'no data' : formatValue(actual, unit);
  return at === undefined ? value : `${value} ${windowWords(at)}`;
}

/** Metrics that are written in one word, as people say them. */
const metricWords: Readonly<Record<string, string>> = {
  successRate: 'success rate',
  errorRate: 'error rate',
  apdex: 'Apdex',
};

/** Counts of what went wrong, of one and of several. */
const countWords: Readonly<Record<string, readonly [one: string, many: string]>> = {
  failed: ['failed request', 'failed requests'],
  timedOut: ['timeout', 'timeouts'],
  unfinished: ['unfinished request', 'unfinished requests'],
  dropped: ['dropped arrival', 'dropped arrivals'],
  iterationsFailed: ['failed iteration', 'failed iterations'],
  idleIterations: ['idle iteration', 'idle iterations'],
  exceptions: ["error of the scenario's own", "errors of the scenario's own"],
  userFailures: ['failed user', 'failed users'],
  cutStreams: ['cut stream', 'cut streams'],
  stalledStreams: ['stalled stream', 'stalled streams'],
  emptyStreams: ['empty stream', 'empty streams'],
  reconnects: ['reconnect', 'reconnects'],
  abnormalCloses: ['abnormal close', 'abnormal closes'],
  failedRounds: ['failed round', 'failed rounds'],
};

/** `success rate 86.7 % (limit > 99%)`, of an endpoint `GET /mid p95 312 ms (limit < 100ms)`, of a count `3 timeouts (limit 0)`. */
export function missedWords(threshold: JudgedThreshold): string {
  const { scope, metric, expected, implied, actual } = threshold;
  const isOfRun = scope === 'run' || scope.startsWith('run, ');
  const [subject, window] = isOfRun ? ['', scope.slice(3)] : [scope, ''];
  const limit = expected.replace(' (acceptable ', ', acceptable ').replace(/\)$/, '');
  const asked = implied === true && expected === '0' ? 'none allowed' : `limit ${limit}`;
  const counted = actual === undefined ? undefined : countWords[metric]?.[actual === 1 ? 0 : 1];
  const what =
    counted === undefined
      ? `${subject} ${metricWords[metric] ?? metric} ${receivedText(threshold)}`.trimStart()
      : receivedText(threshold).replace(/^\S+/, (number) => `${number} ${counted}${isOfRun ? '' : ` on ${subject}`}`);
  return `${what} (${asked}${window})`;
}

/** The same, and whose it is: `success rate 86.7 % (limit > 99%): 67 × HTTP 503 on GET /mid, from 0:08 to 0:12`. */
export function describeThreshold(threshold: JudgedThreshold): string {
  const { culprit } = threshold;
  return `${missedWords(threshold)}${culprit === undefined ? '' : `: ${culprit.words}`}`;
}
