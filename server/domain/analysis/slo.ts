/** What an operator promises of an instance: a metric, a limit, and the window over which it is judged. */
import { z } from 'zod';

const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

const sloMetrics = [
  'ttft_p50_s',
  'ttft_p95_s',
  'ttft_p99_s',
  'itl_p50_s',
  'itl_p95_s',
  'itl_p99_s',
  'e2e_p50_s',
  'e2e_p95_s',
  'e2e_p99_s',
  'queue_p50_s',
  'queue_p95_s',
  'queue_p99_s',
  'error_rate',
  'requests_per_s',
  'generation_tokens_per_s',
] as const;
type SloMetric = (typeof sloMetrics)[number];

/** What a metric is made of. */
type MetricSource =
  | {
      readonly kind: 'quantile';
      readonly field: 'ttft_s' | 'itl_s' | 'e2e_s' | 'queue_s';
      readonly quantile: 'p50' | 'p95' | 'p99';
      /** From 0 to 1. */
      readonly q: number;
    }
  | { readonly kind: 'error_rate' }
  | { readonly kind: 'rate'; readonly field: 'requests' | 'generation_tokens' };

export function sourceOf(metric: SloMetric): MetricSource {
  const [, name, quantile] = /^(ttft|itl|e2e|queue)_(p50|p95|p99)_s$/.exec(metric) ?? [];
  if (name !== undefined && quantile !== undefined) {
    const known = quantile as keyof typeof quantiles;
    return { kind: 'quantile', field: `${name as 'ttft'}_s`, quantile: known, q: quantiles[known] };
  }
  if (metric === 'error_rate') return { kind: 'error_rate' };
  return { kind: 'rate', field: metric === 'requests_per_s' ? 'requests' : 'generation_tokens' };
}

/** A rate should be high; everything else low. */
function higherIsBetter(metric: SloMetric): boolean {
  return sourceOf(metric).kind === 'rate';
}

export const sloSchema = z
  .strictObject({
    name: z.string().min(1).max(64),
    metric: z.enum(sloMetrics),
    op: z.enum(['<', '<=', '>', '>=']),
    target: z.number().positive().meta({ description: 'Seconds, a fraction from 0 to 1, or a rate per second' }),
    window_s: z.int().min(10).max(3_600).default(300).meta({ description: 'Seconds back from now' }),
  })
  .refine(({ metric, op }) => higherIsBetter(metric) === op.startsWith('>'), {
    error: 'must be `<` or `<=` for latencies and the error rate, `>` or `>=` for rates',
    path: ['op'],
  })
  .refine(({ metric, target }) => metric !== 'error_rate' || target < 1, {
    error: 'must be below 1 for an error rate',
    path: ['target'],
  })
  .meta({ id: 'Slo' });
export type Slo = z.infer<typeof sloSchema>;

/** Whether a value keeps the promise. */
export function keeps({ op, target }: Pick<Slo, 'op' | 'target'>, value: number): boolean {
  switch (op) {
    case '<':
      return value < target;
    case '<=':
      return value <= target;
    case '>':
      return value > target;
    case '>=':
      return value >= target;
  }
}

/** How many times as bad as promised: 2 is twice the latency allowed, or half the rate. `Infinity` for a rate of 0. */
export function ratioOf({ metric, target }: Pick<Slo, 'metric' | 'target'>, value: number): number {
  return higherIsBetter(metric) ? target / value : value / target;
}
