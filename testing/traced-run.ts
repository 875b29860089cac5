/** A run of a few requests that are in traces, for the surfaces that tell of them. */
import type { Exemplar } from '../load/measure/exemplar.ts';
import type { RunData, RunPlan } from '../load/measure/run-data.ts';
import { recordRun } from './recorded-run.ts';

export const tracedIds = {
  sampled: '4bf92f3577b34da6a3ce929d0e0e4736',
  unsampled: '0af7651916cd43dd8448eb211c80319c',
} as const;

const request = {
  why: 'slow',
  endpoint: 'GET /a',
  atMs: 1_000,
  serviceMs: 7_000,
  method: 'GET',
  url: 'http://a.test/a',
  phases: {},
  requestHeaders: {},
  responseHeaders: {},
  startedAt: '2026-01-02T03:04:05.678Z',
} as const satisfies Exemplar;

/** The slowest is sampled, the next is not, the third carried what is no `traceparent`. */
export function tracedRun(
  plan: Pick<RunPlan, 'traceUrl' | 'logsUrl'>,
  {
    spanId = '00f067aa0ba902b7',
    traceId = tracedIds.sampled,
  }: { readonly spanId?: string; readonly traceId?: string } = {},
): RunData {
  const run = recordRun();
  run.exemplars.addAll([
    { ...request, serviceMs: 9_000, trace: { traceId, spanId, sampled: true } },
    { ...request, serviceMs: 8_000, trace: { traceId: tracedIds.unsampled, spanId, sampled: false } },
    { ...request, invalidTraceparent: 'nonsense' },
  ]);
  return { ...run, plan: { ...run.plan, ...plan } };
}
