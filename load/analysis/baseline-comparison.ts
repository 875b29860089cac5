/**
 * A run compared with a stored baseline. The limit is where the next run of the same server would still lie: wide when
 * the baseline is noisy, and printed, since a stored baseline on a busy machine is blind to small regressions.
 */
import { fingerprintDifferences, type Baseline, type EndpointFigures, type Fingerprint } from './baseline.ts';
import { mean, stdev } from './statistics/spread.ts';
import { studentQuantile } from './statistics/student.ts';

export type ComparedMetric = 'mean' | 'p50' | 'p95' | 'p99' | 'errorRate';

export type BaselineOptions = {
  /** Metrics that can fail a run. The others are shown: each further test is another chance of a false alarm. */
  readonly gate: readonly ComparedMetric[];
  /** Slower by up to this share, or by up to this many ms, is no regression. */
  readonly tolerance: number;
  readonly floorMs: number;
  /** A higher error rate by up to this is no regression; 0.005 is half a percentage point. */
  readonly errorRateFloor: number;
  /** One-sided confidence of the prediction limit. */
  readonly confidence: number;
  /** With fewer runs the spread is not known, and only a coarse limit is applied: share and ms. */
  readonly minRuns: number;
  readonly coarseShare: number;
  readonly coarseMs: number;
};

export const defaultBaselineOptions: BaselineOptions = {
  gate: ['p95', 'errorRate'],
  tolerance: 0.1,
  floorMs: 0.5,
  errorRateFloor: 0.005,
  confidence: 0.99,
  minRuns: 5,
  coarseShare: 0.5,
  coarseMs: 5,
};

export type MetricComparison = {
  readonly endpoint: string;
  readonly metric: ComparedMetric;
  readonly value: number;
  /** What the baseline usually has (geometric mean for times), and the highest value that is still like it. */
  readonly usual: number;
  readonly limit: number;
  /** Of so many runs; `coarse` when they were too few for a prediction. */
  readonly runs: number;
  readonly basis: 'prediction' | 'coarse';
  readonly gated: boolean;
  /** `suspected`: beyond the limit and not measured again. `regression`: beyond it in both measurements. */
  readonly verdict: 'ok' | 'suspected' | 'regression';
};

export type BaselineComparison =
  | {
      readonly kind: 'compared';
      /** The worst of the gated metrics. Only `regression` should fail a run; measure again what is suspected. */
      readonly verdict: 'ok' | 'suspected' | 'regression';
      readonly metrics: readonly MetricComparison[];
      /** Endpoints that only the run has, and that only the baseline has. */
      readonly added: readonly string[];
      readonly missing: readonly string[];
    }
  | { readonly kind: 'incomparable'; readonly differences: readonly string[] }
  | { readonly kind: 'not-enough-data'; readonly reason: string };

type Endpoints = Readonly<Record<string, EndpointFigures>>;

export type BaselineParts = {
  readonly baseline: Baseline;
  readonly fingerprint: Fingerprint;
  readonly endpoints: Endpoints;
  /** A second measurement in the same job, which what is suspected must be beyond the limit in too. */
  readonly again?: Endpoints;
  readonly options?: Partial<BaselineOptions>;
};

const metrics: readonly ComparedMetric[] = ['mean', 'p50', 'p95', 'p99', 'errorRate'];
const severity = ['ok', 'suspected', 'regression'] as const;

/** Compares every metric of every endpoint that both have. */
export function compareWithBaseline({
  baseline,
  fingerprint,
  endpoints,
  again,
  options,
}: BaselineParts): BaselineComparison {
  const settings = { ...defaultBaselineOptions, ...options };
  const differences = fingerprintDifferences(baseline.fingerprint, fingerprint);
  if (differences.length > 0) return { kind: 'incomparable', differences };
  if (baseline.runs.length === 0) return { kind: 'not-enough-data', reason: 'the baseline has no runs' };
  const known = new Set(baseline.runs.flatMap((run) => Object.keys(run.endpoints)));
  const compared = Object.entries(endpoints).flatMap(([endpoint, figures]) => {
    const history = baseline.runs.flatMap((run) => run.endpoints[endpoint] ?? []);
    return history.length === 0
      ? []
      : compareEndpoint({ endpoint, figures, again: again?.[endpoint], history, settings });
  });
  const worst = compared.filter(({ gated }) => gated).map(({ verdict }) => severity.indexOf(verdict));
  return {
    kind: 'compared',
    verdict: severity[Math.max(0, ...worst)] ?? 'ok',
    metrics: compared,
    added: Object.keys(endpoints).filter((name) => !known.has(name)),
    missing: [...known].filter((name) => !Object.hasOwn(endpoints, name)),
  };
}

type EndpointParts = {
  readonly endpoint: string;
  readonly figures: EndpointFigures;
  readonly again: EndpointFigures | undefined;
  readonly history: readonly EndpointFigures[];
  readonly settings: BaselineOptions;
};

function compareEndpoint({ endpoint, figures, again, history, settings }: EndpointParts): MetricComparison[] {
  return metrics.map((metric) => {
    const past = history.map((run) => run[metric]);
    const limit = metric === 'errorRate' ? errorRateLimit(past, settings) : timeLimit(past, settings);
    const value = figures[metric];
    const beyond = value > limit.limit;
    const confirmed = beyond && again !== undefined && again[metric] > limit.limit;
    const cleared = beyond && again !== undefined && !confirmed;
    const verdict = !beyond || cleared ? 'ok' : confirmed ? 'regression' : 'suspected';
    return { endpoint, metric, value, ...limit, runs: past.length, gated: settings.gate.includes(metric), verdict };
  });
}

export type PredictionLimit = {
  readonly usual: number;
  readonly limit: number;
  readonly basis: 'prediction' | 'coarse';
};

/**
 * Upper prediction limit of the next run on the log scale: m + t s √(1 + 1/k) with k − 1 degrees of freedom, but never
 * below the tolerance or the floor in ms. Below `minRuns` runs the coarse limit.
 */
export function timeLimit(past: readonly number[], settings: BaselineOptions): PredictionLimit {
  const logs = past.map(Math.log);
  const usual = Math.exp(mean(logs) ?? NaN);
  const floor = Math.max(usual * (1 + settings.tolerance), usual + settings.floorMs);
  if (past.length < settings.minRuns) {
    return {
      usual,
      limit: Math.max(floor, usual * (1 + settings.coarseShare), usual + settings.coarseMs),
      basis: 'coarse',
    };
  }
  return { usual, limit: Math.max(floor, usual * Math.exp(reach(logs, settings.confidence))), basis: 'prediction' };
}

/** The same on the plain scale, since error rates may be 0. */
function errorRateLimit(past: readonly number[], settings: BaselineOptions): PredictionLimit {
  const usual = mean(past) ?? NaN;
  const floor = usual + settings.errorRateFloor;
  if (past.length < settings.minRuns) return { usual, limit: floor, basis: 'coarse' };
  return { usual, limit: Math.max(floor, usual + reach(past, settings.confidence)), basis: 'prediction' };
}

function reach(values: readonly number[], confidence: number): number {
  const k = values.length;
  return k < 2 ? 0 : studentQuantile(confidence, k - 1) * (stdev(values) ?? 0) * Math.sqrt(1 + 1 / k);
}

/** `this baseline can only detect > +34 %`: how blind it is for a metric, as a share above the usual. */
export function detectableShare({ usual, limit }: Pick<MetricComparison, 'usual' | 'limit'>): number | undefined {
  return usual > 0 ? limit / usual - 1 : undefined;
}
