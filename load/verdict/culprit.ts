/** Whose numbers missed a limit: where it was, of what, and when, as far as the run's numbers tell. */
import { phaseNames, type PhaseName } from '../measure/samples/phases.ts';
import type { EndpointData, RunData } from '../measure/run-data.ts';
import type { Culprit } from '../measure/run-event.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import type { Limit, Threshold } from '../measure/threshold.ts';
import { formatCount, formatPercent, formatValue } from '../measure/units.ts';
import { mainErrors, nameWords, totals } from './error-words.ts';
import { groupOf, type LatencyMetric, latencyOf, plainMetrics } from './metric.ts';
import { observed } from './observed.ts';
import { failedRoundsCulprit } from './probe-metric.ts';
import { spanOf, stretchesOf, valuesOverTime } from './stretches.ts';
import { userFailureWords } from './user-failures.ts';
import { spanWords } from './when.ts';
import { type Span, sumsOf } from './windows.ts';

/** Which limit it was held against, and of a limit on windows the worst of them. */
export interface MissedBy {
  readonly limit: Limit;
  readonly at: Span | undefined;
}

/** Undefined where nothing is known. */
export function culpritOf(run: RunData, threshold: Threshold, { limit, at }: MissedBy): Culprit | undefined {
  const { scope, metric, window } = threshold;
  switch (scope.kind) {
    case 'check':
      return checkCulprit(run, scope.name);
    case 'run':
    case 'endpoint': {
      const span = at ?? (window?.kind === 'between' ? within(run, window) : undefined);
      const endpoint = scope.kind === 'endpoint' ? scope.name : undefined;
      if (latencyOf(metric) !== undefined) return latencyCulprit(run, threshold, { limit, endpoint, span });
      return span === undefined ? plainCulprit(run, metric, endpoint) : failedWithin(run, metric, { endpoint, span });
    }
    case 'probe':
      return metric === 'failedRounds' ? failedRoundsCulprit(run, scope.name) : undefined;
    case 'metric':
    case 'group':
    case 'tag':
    case 'loads':
      return undefined;
  }
}

/** Where a limit is looked at; without a part of the time, in all of it. */
interface Place {
  readonly endpoint: string | undefined;
  readonly span: Span | undefined;
}

function within(run: RunData, { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number | undefined }): Span {
  return { fromMs, toMs: toMs ?? durationMsOfRun(run) };
}

function checkCulprit({ checks }: RunData, name: string): Culprit | undefined {
  const check = checks.get(name);
  if (check === undefined || check.failed === 0) return undefined;
  const all = check.passed + check.failed;
  return { name, words: `${formatCount(check.failed)} of ${formatCount(all)} did not hold` };
}

function plainCulprit(run: RunData, metric: string, endpoint: string | undefined): Culprit | undefined {
  if (metric === 'idleIterations')
    return {
      name: 'scenario',
      words: 'ended without a request; requests of a context belong to the user that made it',
    };
  if (metric === 'userFailures') return { name: 'users', words: userFailureWords(run) };
  if (metric === 'dropped') return droppedCulprit(run);
  if (metric === 'checks') return worstCheck(run);
  const { errors: explains, needs } = plainMetrics.get(metric) ?? {};
  const errors = explains === undefined ? undefined : mainErrors(run, { explains, endpoint });
  return errors ?? (needs === undefined ? undefined : worstRow(run, metric, endpoint));
}

/** What the scenario allowed is no error: then the row that has most of it. */
function worstRow(run: RunData, metric: string, endpoint: string | undefined): Culprit | undefined {
  const { read, tells } = plainMetrics.get(metric) ?? {};
  if (tells !== 'bad' || endpoint !== undefined) return undefined;
  const [worst] = [...run.endpoints]
    .map(([name, row]) => ({ name, count: read?.(run, row.counts, row) ?? 0 }))
    .sort((a, b) => b.count - a.count);
  if (worst === undefined || worst.count === 0) return undefined;
  return { name: worst.name, words: `${formatCount(worst.count)} on ${nameWords(worst.name)}` };
}

function worstCheck(run: RunData): Culprit | undefined {
  const [worst] = [...run.checks].sort(([, a], [, b]) => b.failed - a.failed);
  if (worst === undefined) return undefined;
  const found = checkCulprit(run, worst[0]);
  return found && { ...found, words: `${found.words} of "${nameWords(found.name)}"` };
}

function droppedCulprit(run: RunData): Culprit | undefined {
  const seconds = [...run.windows]
    .filter(([second, { dropped }]) => second >= 0 && dropped > 0)
    .map(([second]) => second);
  if (seconds.length === 0) return undefined;
  const runMs = durationMsOfRun(run);
  const span = {
    fromMs: Math.min(...seconds) * 1_000,
    toMs: Math.min((Math.max(...seconds) + 1) * 1_000, Math.max(runMs, 1_000)),
  };
  const most = [...run.windows].reduce((high, [, { inFlight }]) => Math.max(high, inFlight), 0);
  return {
    name: 'arrivals',
    words: `${spanWords(span, runMs)}, with up to ${formatCount(most)} request${most === 1 ? '' : 's'} in flight`,
    at: span,
  };
}

/** Of a window nothing is kept of its errors' kinds: where most failed is, and what fails there most. */
function failedWithin(
  run: RunData,
  metric: string,
  { endpoint, span }: { readonly endpoint: string | undefined; readonly span: Span },
): Culprit | undefined {
  const explains = plainMetrics.get(metric)?.errors;
  if (explains === undefined) return undefined;
  const [worst] = [...run.endpoints.keys()]
    .filter((name) => endpoint === undefined || name === endpoint)
    .map((name) => ({ name, ...sumsOf(run, name, span) }))
    .sort((a, b) => b.failed - a.failed);
  if (worst === undefined || worst.failed === 0) return undefined;
  const { name, ok, failed } = worst;
  const groups = [...run.errors.values()].filter((group) => group.endpoint === name && explains(group.kind));
  const [most] = totals(groups, (group) => group.kind);
  const kind = most === undefined ? '' : `, in the whole run mostly ${most[0]}`;
  return {
    name,
    words: `${formatCount(failed)} of ${formatCount(ok + failed)} on ${nameWords(name)}${kind}`,
    at: span,
  };
}

/** The slowest endpoint by the same measure, when it was out of its band, and where its time went. */
function latencyCulprit(
  run: RunData,
  threshold: Threshold,
  { limit, endpoint, span }: { readonly limit: Limit } & Place,
): Culprit | undefined {
  const latency = latencyOf(threshold.metric);
  if (latency === undefined || latency.group === 'lag') return undefined;
  const slowest = slowestOf(run, threshold, { endpoint, span });
  const row = slowest === undefined ? undefined : run.endpoints.get(slowest.name);
  if (slowest === undefined || row === undefined) return undefined;
  const isOfWindows = groupOf(latency, run.plan.model) === groupOf({ ...latency, group: undefined }, run.plan.model);
  const when =
    span === undefined && isOfWindows ? outOfBand(run, limit, { row, statistic: latency.statistic }) : undefined;
  const words = [
    ...(endpoint === undefined ? [slowest.words] : []),
    ...(when === undefined ? [] : [when.words]),
    ...(isOfWholeRequest(latency) ? phaseWords(row) : []),
  ];
  if (words.length === 0) return undefined;
  const time = when?.span ?? span;
  return { name: slowest.name, words: words.join(', '), ...(time !== undefined && { at: time }) };
}

/** Phases are parts of a request: what is itself a part of one, or lies between its events, is not told by them. */
function isOfWholeRequest({ group = 'responseTime' }: LatencyMetric): boolean {
  return group === 'responseTime' || group === 'serviceTime';
}

function slowestOf(
  run: RunData,
  { metric, target }: Threshold,
  { endpoint, span }: Place,
): { readonly name: string; readonly words: string } | undefined {
  const window = span && ({ kind: 'between', ...span, text: '' } as const);
  const names = endpoint === undefined ? [...run.endpoints.keys()] : [endpoint];
  const [slowest] = names
    .flatMap((name) => {
      const ms = observed(run, { scope: { kind: 'endpoint', name }, metric, target, ...(window && { window }) });
      return ms === undefined ? [] : [{ name, ms }];
    })
    .sort((a, b) => b.ms - a.ms);
  if (slowest === undefined) return undefined;
  const isOnly = run.endpoints.size === 1; // its value is the run's
  return {
    name: slowest.name,
    words: `${nameWords(slowest.name)}${isOnly ? '' : ` ${formatValue(slowest.ms, 'ms')}`}`,
  };
}

/** When it was beyond the limit: all the time, or in its longest stretch, with how much of the time it was in all. */
function outOfBand(
  run: RunData,
  limit: Limit,
  { row, statistic }: { readonly row: EndpointData; readonly statistic: string },
): { readonly words: string; readonly span: Span } | undefined {
  if (limit.comparison !== '<' && limit.comparison !== '<=') return undefined;
  const values = valuesOverTime([row.windows], statistic);
  if (values.length < leastValues) return undefined;
  const isOut = ({ value }: { readonly value: number }) => isBeyond(value, limit);
  const out = values.filter(isOut);
  if (out.length === 0) return undefined;
  const runMs = durationMsOfRun(run);
  if (out.length >= 0.9 * values.length) return { words: 'all the time', span: { fromMs: 0, toMs: runMs } };
  const [longest = []] = stretchesOf(values, isOut).sort((a, b) => b.length - a.length);
  const found = spanOf(longest);
  if (found === undefined) return undefined;
  const span = { ...found, toMs: Math.min(found.toMs, Math.max(runMs, found.fromMs)) };
  const most =
    longest.length >= 0.8 * out.length
      ? ''
      : `, beyond it in ${formatPercent(Math.round((100 * out.length) / values.length) / 100)} of the time`;
  const words = spanWords(span, runMs);
  const share = formatPercent(Math.round((100 * out.length) / values.length) / 100);
  return { words: words === 'all the time' ? `${share} of the time` : `${words}${most}`, span };
}

/** Fewer values tell no stretch from another. */
const leastValues = 4;

function isBeyond(value: number, { comparison, value: limit }: Limit): boolean {
  return comparison === '<' ? value >= limit : value > limit;
}

/** Share of its time from which a phase is worth naming. */
const tellingShare = 0.6;

const phaseTells: Readonly<Record<PhaseName, string>> = {
  dns: 'looking up its name',
  connect: 'connecting',
  tls: 'in the TLS handshake',
  waiting: 'waiting for the first byte',
  receiving: 'receiving',
  running: '',
};

/** Where most of its time went; a measured call has no parts. */
function phaseWords(row: EndpointData): string[] {
  const sums = phaseNames.map((name) => ({ words: phaseTells[name], ms: sumMs(row, name) }));
  const all = sums.reduce((sum, { ms }) => sum + ms, row.blockedMs);
  const [most] = [...sums, { words: 'before it was sent', ms: row.blockedMs }].sort((a, b) => b.ms - a.ms);
  if (most === undefined || most.words === '' || all === 0 || most.ms < tellingShare * all) return [];
  return [`${Math.round((100 * most.ms) / all)} % of its time ${most.words}`];
}

function sumMs({ phases }: EndpointData, name: PhaseName): number {
  const stats = phases[name].stats();
  return stats === undefined ? 0 : stats.count * stats.mean;
}
