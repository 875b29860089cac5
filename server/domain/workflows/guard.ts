/**
 * Has the change made it worse? Two windows of the same length are compared, and too little data is a third answer:
 * a quiet engine proves nothing.
 */
import type { Guard, GuardCheck, MeasuredDelta, Observation, WindowFigures } from './workflow.ts';

interface Compared {
  readonly guard: Guard;
  readonly before: WindowFigures;
  readonly after: WindowFigures;
}

/** Judges one observed stage. With too few requests nothing is judged: one failed request of two is not a rate of 50 %. */
export function judge({ guard, before, after }: Compared): Pick<Observation, 'verdict' | 'checks'> {
  const checks: GuardCheck[] = [
    enough(guard.min_requests, before, after),
    errors(guard.max_error_rate, before, after),
    regression('ttft_p95_s', guard.max_ttft_p95_regress_pct, before, after),
    regression('itl_p95_s', guard.max_itl_p95_regress_pct, before, after),
  ];
  const [requests, ...limits] = checks;
  if (requests?.verdict !== 'held') return { verdict: 'inconclusive', checks };
  if (limits.some(({ verdict }) => verdict === 'broken')) return { verdict: 'broken', checks };
  // Worse than nothing is worse by no percentage: somebody has to look.
  if (limits.some(isFromZero)) return { verdict: 'inconclusive', checks };
  // At least one figure must have been compared; an engine that tells none of them has not been observed.
  return { verdict: limits.some(({ verdict }) => verdict === 'held') ? 'held' : 'inconclusive', checks };
}

/** Both windows must have enough: a few requests before the change are no measure for the many after it. */
function enough(minimum: number, before: WindowFigures, after: WindowFigures): GuardCheck {
  const fewest = Math.min(before.requests ?? 0, after.requests ?? 0);
  return {
    metric: 'requests',
    verdict: fewest >= minimum ? 'held' : 'unknown',
    before: before.requests,
    after: after.requests,
    limit: `at least ${minimum} finished requests`,
  };
}

function errors(limit: number, before: WindowFigures, after: WindowFigures): GuardCheck {
  return {
    metric: 'error_rate',
    verdict: after.error_rate === null ? 'unknown' : after.error_rate <= limit ? 'held' : 'broken',
    before: before.error_rate,
    after: after.error_rate,
    limit: `at most ${limit}`,
  };
}

function regression(
  metric: 'ttft_p95_s' | 'itl_p95_s',
  allowedPct: number,
  before: WindowFigures,
  after: WindowFigures,
): GuardCheck {
  const was = before[metric];
  const is = after[metric];
  const limit = `at most ${allowedPct} % above before`;
  const unknown = was === null || is === null || (was === 0 && is > 0);
  if (unknown) return { metric, verdict: 'unknown', before: was, after: is, limit };
  const verdict = is <= was * (1 + allowedPct / 100) ? 'held' : 'broken';
  return { metric, verdict, before: was, after: is, limit };
}

function isFromZero({ verdict, before, after }: GuardCheck): boolean {
  return verdict === 'unknown' && before === 0 && after !== null;
}

const compared = [
  'ttft_p95_s',
  'itl_p95_s',
  'error_rate',
  'tokens_per_s',
  'kv_usage',
  'preemptions_per_s',
] as const satisfies readonly (keyof WindowFigures)[];

/** How each figure that both windows have has moved. */
export function deltas(before: WindowFigures, after: WindowFigures): MeasuredDelta[] {
  return compared.flatMap((metric) => {
    const was = before[metric];
    const is = after[metric];
    if (was === null || is === null) return [];
    const change = was === 0 ? {} : { change_pct: Math.round(((is - was) / was) * 1_000) / 10 };
    return [{ metric, before: was, after: is, ...change }];
  });
}

/** A window in which nothing could be measured. */
export function emptyWindow(at: string): WindowFigures {
  return {
    from: at,
    to: at,
    requests: null,
    error_rate: null,
    ttft_p95_s: null,
    itl_p95_s: null,
    tokens_per_s: null,
    kv_usage: null,
    preemptions_per_s: null,
  };
}
