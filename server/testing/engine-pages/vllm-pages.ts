/**
 * vLLM's page by version. V0: `vllm/engine/metrics.py` at 00c33e8 (0.6) and its request times as 0.7 has them; V1:
 * `vllm/v1/metrics/loggers.py` at 005a810 (0.10), `v1/spec_decode/metrics.py`; 0.14 without the `gpu_` names and with
 * `inter_token_latency_seconds`. The first V1 pages had no `engine` label (production-stack issue 318).
 */
import type { Family } from '../../domain/engines/prometheus-parse.ts';
import { pythonNumber } from '../../fake-engine/prometheus-print.ts';
import type { EngineState, SeriesState } from './engine-state.ts';
import { histogram, oneTwoFive, processStarted, scalar } from './families.ts';
import type { Measure } from './traffic.ts';

export const vllmLayouts = ['vllm-0.6', 'vllm-0.7', 'vllm-0.8-v1', 'vllm-0.10', 'vllm-0.14'] as const;
export type VllmLayout = (typeof vllmLayouts)[number];

/** What differs between versions. */
interface Version {
  readonly isV1: boolean;
  readonly hasEngineLabel: boolean;
  readonly usage: readonly string[];
  readonly prefix: readonly string[];
  readonly itl: readonly string[];
  /** Whether the parts of a request's time are exported beside the whole. */
  readonly hasRequestTimes: boolean;
  readonly e2eBounds: readonly number[];
  readonly reasons: readonly string[];
}

const firstV1Bounds = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60];
const v1Bounds = [...firstV1Bounds, 120, 240, 480, 960, 1920, 7680];
const v0 = {
  ...{ isV1: false, hasEngineLabel: false, usage: ['vllm:gpu_cache_usage_perc'], prefix: [] },
  ...{ itl: ['vllm:time_per_output_token_seconds'], reasons: ['stop', 'length', 'abort'] },
};
const v1 = { ...v0, isV1: true, hasEngineLabel: true, hasRequestTimes: true, e2eBounds: v1Bounds };

const versions: Readonly<Record<VllmLayout, Version>> = {
  'vllm-0.6': { ...v0, hasRequestTimes: false, e2eBounds: [1, 2.5, 5, 10, 15, 20, 30, 40, 50, 60] },
  'vllm-0.7': { ...v0, hasRequestTimes: true, e2eBounds: firstV1Bounds },
  'vllm-0.8-v1': { ...v1, hasEngineLabel: false, prefix: ['vllm:gpu_prefix_cache'] },
  'vllm-0.10': {
    ...v1,
    usage: ['vllm:gpu_cache_usage_perc', 'vllm:kv_cache_usage_perc'],
    prefix: ['vllm:gpu_prefix_cache', 'vllm:prefix_cache'],
  },
  'vllm-0.14': {
    ...v1,
    usage: ['vllm:kv_cache_usage_perc'],
    prefix: ['vllm:prefix_cache'],
    itl: ['vllm:inter_token_latency_seconds'],
    reasons: ['stop', 'length', 'abort', 'error', 'repetition'],
  },
};

const ttftBounds = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const itlBounds = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
const v1TtftBounds = [...ttftBounds, 20, 40, 80, 160, 640, 2560];
const v1ItlBounds = [...itlBounds, 5, 7.5, 10, 20, 40, 80];
const iterationBounds = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];
const longestContext = 32_768;

export function vllmPage(layout: VllmLayout, { startedMs, series }: EngineState): Family[] {
  const version = versions[layout];
  const labelsOf = ({ labels }: SeriesState) => ({
    ...(version.hasEngineLabel ? { engine: '0' } : {}),
    model_name: 'a/model',
    ...labels,
  });
  const each = (type: 'gauge' | 'counter', help: string, read: (state: SeriesState) => number) => (name: string) =>
    scalar({ name, type, help }, series.map((state) => [labelsOf(state), read(state)])); // prettier-ignore
  const lookups = (what: 'queries' | 'hits', read: (state: SeriesState) => number) =>
    version.prefix.map((prefix) =>
      each('counter', `Prefix cache ${what}, in tokens.`, read)(`${prefix}_${what}_total`),
    );
  return [
    processStarted(startedMs),
    each('gauge', 'Number of requests in model execution batches.', (one) => one.running)('vllm:num_requests_running'),
    each('gauge', 'Number of requests waiting to be processed.', (one) => one.waiting)('vllm:num_requests_waiting'),
    ...(version.isV1 ? [] : onlyV0(each)),
    ...version.usage.map(each('gauge', 'KV-cache usage. 1 means 100 percent usage.', (one) => one.kv)),
    ...lookups('queries', ({ counted }) => counted.looked),
    ...lookups('hits', ({ counted }) => counted.hit),
    each('counter', 'Cumulative number of preemption from the engine.', ({ counted }) => counted.preempted)('vllm:num_preemptions_total'), // prettier-ignore
    each('counter', 'Number of prefill tokens processed.', ({ counted }) => counted.prompt)('vllm:prompt_tokens_total'),
    each('counter', 'Number of generation tokens processed.', ({ counted }) => counted.generated)('vllm:generation_tokens_total'), // prettier-ignore
    ended(version, series, labelsOf),
    ...histograms(version, series, labelsOf),
    ...speculation(series, each),
  ];
}

type Each = (type: 'gauge' | 'counter', help: string, read: (state: SeriesState) => number) => (name: string) => Family;

function onlyV0(each: Each): Family[] {
  return [
    each('gauge', 'Number of requests swapped to CPU.', () => 0)('vllm:num_requests_swapped'),
    each('gauge', 'CPU KV-cache usage. 1 means 100 percent usage.', () => 0)('vllm:cpu_cache_usage_perc'),
  ];
}

type LabelsOf = (state: SeriesState) => Readonly<Record<string, string>>;

/** V1 shows every reason from the start, V0 only those that have happened. */
function ended({ isV1, reasons }: Version, series: readonly SeriesState[], labelsOf: LabelsOf): Family {
  const help = 'Count of successfully processed requests.';
  return scalar(
    { name: 'vllm:request_success_total', type: 'counter', help },
    series.flatMap((state) => {
      const { stopped, lengthReached, aborted, failed } = state.counted;
      const byReason: Readonly<Record<string, number>> = { stop: stopped, length: lengthReached, abort: aborted, error: failed }; // prettier-ignore
      return reasons
        .map((reason) => [{ ...labelsOf(state), finished_reason: reason }, byReason[reason] ?? 0] as const)
        .filter(([, count]) => isV1 || count > 0);
    }),
  );
}

function histograms(version: Version, series: readonly SeriesState[], labelsOf: LabelsOf): Family[] {
  const { isV1, itl, hasRequestTimes, e2eBounds } = version;
  const of = (name: string, measure: Measure, bounds: readonly number[]) =>
    histogram(
      { name, help: `Histogram of ${measure}.`, bounds, bound: pythonNumber },
      series.map((state) => [labelsOf(state), state.seen[measure]]),
    );
  const lengthBounds = oneTwoFive(longestContext);
  return [
    of('vllm:time_to_first_token_seconds', 'ttft', isV1 ? v1TtftBounds : ttftBounds),
    ...itl.map((name) => of(name, 'itl', isV1 ? v1ItlBounds : itlBounds)),
    of('vllm:e2e_request_latency_seconds', 'e2e', e2eBounds),
    ...(hasRequestTimes
      ? (['queue', 'inference', 'prefill', 'decode'] as const).map((measure) =>
          of(`vllm:request_${measure}_time_seconds`, measure, e2eBounds),
        )
      : []),
    of('vllm:request_prompt_tokens', 'promptTokens', lengthBounds),
    of('vllm:request_generation_tokens', 'answerTokens', lengthBounds),
    ...(isV1 ? [of('vllm:iteration_tokens_total', 'passTokens', iterationBounds)] : []),
  ];
}

function speculation(series: readonly SeriesState[], each: Each): Family[] {
  if (series.every(({ counted }) => counted.drafted === 0)) return [];
  return [
    each('counter', 'Number of draft tokens.', ({ counted }) => counted.drafted)('vllm:spec_decode_num_draft_tokens_total'), // prettier-ignore
    each('counter', 'Number of accepted tokens.', ({ counted }) => counted.accepted)('vllm:spec_decode_num_accepted_tokens_total'), // prettier-ignore
  ];
}
