/**
 * Error budgets: an objective of 99 % lets 1 % of the requests go wrong, and a burn rate says how much faster than that
 * they do. Each limit of an SLO that means a share of the requests is an objective of its own, as it is a threshold of its
 * own: its budget is overdrawn where its limit is missed (Google, The Site Reliability Workbook, chapter 5).
 */
import { accountedFor } from '../measure/counts.ts';
import type { RunData } from '../measure/run-data.ts';
import type { Limit, Threshold } from '../measure/threshold.ts';
import { type Duration, formatDuration, formatNumber, formatPercent, parseDurationMs, show } from '../measure/units.ts';
import { OptionsError, refuseNoOptions, throwProblems, unknownOptions } from '../options-error.ts';
import { goodOf, goodWithin, shareWithin } from './goodput.ts';
import type { EndpointLimits } from './limits.ts';
import { groupOf, latencyOf } from './metric.ts';
import { parseLimits, wholeRun } from './parse-limits.ts';
import { judgedEndMs, type Span, sumsOf, windowsOf } from './windows.ts';

/** How a budget is looked at. */
export interface ErrorBudgetOptions {
  /** Length of the windows whose burn rates are compared; whole seconds. */
  readonly window?: Duration;
}

export const defaultErrorBudget: Required<ErrorBudgetOptions> = { window: '10s' };

/** A stretch of the measured part, ms, and how fast it used up the budget. */
export interface BudgetWindow {
  /** Its begin. */
  readonly fromMs: number;
  /** Its end. */
  readonly toMs: number;
  /** Requests that missed the objective. */
  readonly bad: number;
  /** Requests that the objective is about. */
  readonly of: number;
  /** Their bad share over the share that may be bad: at 1 the budget lasts exactly as long as its objective says. */
  readonly burn: number;
}

/** The budget of one objective. */
export interface ErrorBudget {
  /** The limit that it comes from: `p95 < 100ms`. */
  readonly limit: string;
  /** Share of the requests that have to be good, below 1. */
  readonly objective: number;
  /** Requests that were not. */
  readonly bad: number;
  /** Requests that the objective is about: of a latency those that it is measured of, which leaves out what failed. */
  readonly of: number;
  /** Share of the run's own budget that is used up, which is the burn rate over the whole run: above 1 it is overdrawn. */
  readonly used: number;
  /** Windows in which there was something to judge. */
  readonly windows: readonly BudgetWindow[];
  /** The window that burnt fastest. */
  readonly worst: BudgetWindow;
  /** `p95 < 100ms: 62.0 % of the error budget used, fastest from 20s to 30s at 3.1 times its rate`. */
  readonly sentence: string;
}

interface Objective {
  readonly limit: string;
  readonly share: number;
  /** What a request has to keep; absent where it only has to succeed. */
  readonly withinMs?: number;
}

const known = { window: true } as const satisfies Record<keyof ErrorBudgetOptions, true>;

/**
 * The budgets of limits on `errorRate` or `successRate` and on percentiles of the time that is kept by window, the one
 * that is used up most first; empty where nothing was measured. Throws an `OptionsError` for limits of unknown form, those
 * of which none leaves a budget, and a window that is no whole number of seconds.
 */
export function errorBudgets(
  { data, endpoint }: { readonly data: RunData; readonly endpoint?: string },
  limits: EndpointLimits,
  options: ErrorBudgetOptions = {},
): ErrorBudget[] {
  refuseNoOptions('errorBudget', options);
  const { window } = { ...defaultErrorBudget, ...options };
  throwProblems(unknownOptions('errorBudget', options, known));
  const lengthMs = parseDurationMs(window, 'window');
  if (lengthMs < 1_000 || lengthMs % 1_000 !== 0)
    throw new OptionsError([`\`window\` counts whole seconds, got ${show(window)}`]);
  const spans = windowsOf(judgedEndMs(data), lengthMs);
  return objectivesOf(data, limits)
    .flatMap((objective) => budgetOf({ data, endpoint, objective, spans }) ?? [])
    .toSorted((a, b) => b.used - a.used);
}

function objectivesOf({ plan }: RunData, limits: EndpointLimits): Objective[] {
  const parsed = parseLimits(limits, wholeRun(plan), 'errorBudget');
  const objectives = parsed.flatMap((each) => objectiveOf(each, plan.model));
  if (objectives.length === 0)
    throw new OptionsError([
      '`errorBudget` needs a limit that lets some requests go wrong, such as `errorRate: "< 1%"` or `p95: "< 100ms"`',
    ]);
  return objectives;
}

function objectiveOf({ metric, target }: Threshold, model: RunData['plan']['model']): Objective[] {
  const limit = `${metric} ${target.text}`;
  const withShare = (share: number | undefined, withinMs?: number): Objective[] =>
    share === undefined || share >= 1 ? [] : [{ limit, share, ...(withinMs !== undefined && { withinMs }) }];
  if (metric === 'successRate') return withShare(isLower(target) ? target.value : undefined);
  if (metric === 'errorRate') return withShare(isUpper(target) ? 1 - target.value : undefined);
  const latency = latencyOf(metric);
  const keptByTime = model === 'open' ? 'responseTime' : 'serviceTime';
  if (latency === undefined || groupOf(latency, model) !== keptByTime || !isUpper(target)) return [];
  return withShare(shareWithin(latency.statistic), target.value);
}

const isUpper = ({ comparison }: Limit) => comparison === '<' || comparison === '<=';
const isLower = ({ comparison }: Limit) => comparison === '>' || comparison === '>=';

interface BudgetParts {
  readonly data: RunData;
  readonly endpoint: string | undefined;
  readonly objective: Objective;
  readonly spans: readonly Span[];
}

function budgetOf({ data, endpoint, objective, spans }: BudgetParts): ErrorBudget | undefined {
  const { limit, share } = objective;
  const { bad, of } = ofRun({ data, endpoint, objective });
  const windows = spans.flatMap((span) => {
    const counted = inSpan({ data, endpoint, objective }, span);
    return counted.of === 0 ? [] : [{ ...span, ...counted, burn: burnOf(counted, share) }];
  });
  const [worst] = windows.toSorted((a, b) => b.burn - a.burn || a.fromMs - b.fromMs);
  if (of === 0 || worst === undefined) return undefined;
  const used = burnOf({ bad, of }, share);
  const sentence = sentenceOf(limit, used, worst);
  return { limit, objective: decimal(share), bad, of, used, windows, worst, sentence };
}

type Counted = Pick<BudgetWindow, 'bad' | 'of'>;

/** To the digits that were measured: shares are differences of binary fractions. */
function burnOf({ bad, of }: Counted, share: number): number {
  return decimal(bad / of / (1 - share));
}

function decimal(value: number): number {
  return Number(value.toPrecision(12));
}

function ofRun({ data, endpoint, objective: { withinMs } }: Omit<BudgetParts, 'spans'>): Counted {
  const rows = [...data.endpoints].flatMap(([name, row]) => (endpoint === undefined || endpoint === name ? [row] : []));
  if (withinMs !== undefined) {
    const time = data.plan.model === 'open' ? 'response' : 'service';
    const of = rows.reduce((sum, row) => sum + row[time].count, 0);
    return { of, bad: of - goodWithin(rows, time, withinMs) };
  }
  const counts = endpoint === undefined ? data.counts : rows[0]?.counts;
  if (counts === undefined) return { bad: 0, of: 0 };
  const of = accountedFor(counts);
  return { of, bad: of - counts.ok };
}

function inSpan({ data, endpoint, objective: { withinMs } }: Omit<BudgetParts, 'spans'>, span: Span): Counted {
  if (withinMs === undefined) {
    const { ok, failed } = sumsOf(data, endpoint, span);
    return { of: ok + failed, bad: failed };
  }
  let [bad, of] = [0, 0];
  for (const [name, row] of data.endpoints) {
    if (endpoint !== undefined && name !== endpoint) continue;
    const { ok, latency } = sumsOf(data, name, span);
    const within = latency.buckets().reduce((sum, { value, count }) => (value <= withinMs ? sum + count : sum), 0);
    of += latency.count;
    bad += latency.count - goodOf({ ok, lost: latency.count - ok, within }, row, withinMs);
  }
  return { bad, of };
}

function sentenceOf(limit: string, used: number, { fromMs, toMs, burn }: BudgetWindow): string {
  const when = `from ${formatDuration(fromMs)} to ${formatDuration(toMs)}`;
  const fastest = burn === 0 ? '' : `, fastest ${when} at ${formatNumber(burn)} times its rate`;
  return `${limit}: ${formatPercent(used)} of the error budget used${fastest}`;
}
