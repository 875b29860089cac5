/**
 * SGLang's page with `--enable-metrics` by version: 0.4 as pasted in pull request 4444, 0.5 by
 * `srt/metrics/collector.py` at 00ae9c1, newest by `srt/observability/metrics_collector.py` at 016d860. Tokens and
 * requests are counted when a request is over; only `realtime_tokens_total` moves while it runs. With priorities the
 * newest shows the total under `priority=""` beside the parts.
 */
import type { Family } from '../../domain/engines/prometheus-parse.ts';
import { pythonNumber } from '../../fake-engine/prometheus-print.ts';
import type { EngineState, SeriesState } from './engine-state.ts';
import { histogram, processStarted, scalar, type Labels } from './families.ts';
import type { Measure } from './traffic.ts';

export const sglangLayouts = ['sglang-0.4', 'sglang-0.5', 'sglang-newest', 'sglang-priorities'] as const;
export type SglangLayout = (typeof sglangLayouts)[number];

const ttftBounds = [0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400];
const e2eBounds = [...ttftBounds, 600, 1200, 1800, 2400];
const itlBounds = [
  0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.04, 0.06, 0.08, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4,
  6, 8,
];
const queueBounds = [0, 0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300, 400, 500];
const lengthBounds = [100, 300, 500, 700, 1000, 1500, 2000, 3000, 4000, 5000, 6000, 8000, 10000, 20000, 40000, 100000];

/** Of the running and waiting requests of the priorities layout: how many are of priority 0, the others are of 1. */
const urgentShare = 0.6;

export function sglangPage(layout: SglangLayout, { startedMs, series }: EngineState): Family[] {
  const rank = rankLabels(layout);
  const gauge = (name: string, help: string, read: (state: SeriesState) => number) =>
    scalar({ name, type: 'gauge', help }, series.map((state) => [{ ...rank, ...state.labels }, read(state)])); // prettier-ignore
  const shared: Labels = { model_name: 'a/model' };
  return [
    processStarted(startedMs),
    queueGauge(layout, series, 'sglang:num_running_reqs', (state) => state.running),
    queueGauge(layout, series, 'sglang:num_queue_reqs', (state) => state.waiting),
    gauge('sglang:num_used_tokens', 'The number of used tokens.', (state) => Math.round(state.kv * 500_000)),
    gauge('sglang:token_usage', 'The token usage.', (state) => state.kv),
    gauge('sglang:gen_throughput', 'The generation throughput (token/s).', (state) => state.tokensPerS),
    // Issue 5625: set to 0 by every decode batch, and so nearly always 0.
    gauge('sglang:cache_hit_rate', 'The prefix cache hit rate.', () => 0),
    gauge('sglang:spec_accept_length', 'The average acceptance length of speculative decoding.', (one) => one.acceptLength), // prettier-ignore
    ...(layout === 'sglang-0.4' ? [] : live(layout, series)),
    ...byRequest(layout, series, shared),
  ];
}

function rankLabels(layout: SglangLayout): Labels {
  const old = { engine_type: 'unified', model_name: 'a/model' };
  if (layout === 'sglang-0.4') return old;
  const ranked = { ...old, moe_ep_rank: '0', pp_rank: '0', tp_rank: '0' };
  return layout === 'sglang-priorities' ? { ...ranked, priority: '' } : ranked;
}

function queueGauge(
  layout: SglangLayout,
  series: readonly SeriesState[],
  name: string,
  read: (state: SeriesState) => number,
): Family {
  const rank = rankLabels(layout);
  return scalar(
    { name, type: 'gauge', help: 'The number of requests.' },
    series.flatMap((state) => {
      const labels = { ...rank, ...state.labels };
      const all = read(state);
      if (layout !== 'sglang-priorities') return [[labels, all] as const];
      const urgent = Math.round(all * urgentShare);
      return [
        [labels, all] as const,
        [{ ...labels, priority: '0' }, urgent] as const,
        [{ ...labels, priority: '1' }, all - urgent] as const,
      ];
    }),
  );
}

/** What moves while requests run. `fwd_occupancy` is NaN until it is measured: the default in the engine's source. */
function live(layout: SglangLayout, series: readonly SeriesState[]): Family[] {
  const rank = rankLabels(layout);
  const retracted = scalar(
    { name: 'sglang:num_retracted_requests_total', type: 'counter', help: 'Total number of retracted requests.' },
    series.map((state) => [{ ...rank, ...state.labels }, state.counted.preempted]),
  );
  const tokens = scalar(
    { name: 'sglang:realtime_tokens_total', type: 'counter', help: 'Total number of tokens processed.' },
    series.flatMap((state) => [
      [{ ...rank, ...state.labels, mode: 'prefill_compute' }, state.counted.prompt - state.counted.hit] as const,
      [{ ...rank, ...state.labels, mode: 'prefill_cache' }, state.counted.hit] as const,
      [{ ...rank, ...state.labels, mode: 'decode' }, state.counted.generated] as const,
    ]),
  );
  const occupancy = scalar(
    { name: 'sglang:fwd_occupancy', type: 'gauge', help: 'Forward pass GPU occupancy percentage.' },
    series.map((state) => [{ ...rank, ...state.labels }, NaN]),
  );
  return layout === 'sglang-0.5' ? [retracted, tokens] : [retracted, tokens, occupancy];
}

/** Counted at the end of each request by the process in front, which knows no ranks. */
function byRequest(layout: SglangLayout, series: readonly SeriesState[], shared: Labels): Family[] {
  const isNew = layout === 'sglang-newest' || layout === 'sglang-priorities';
  const streamed: Labels = isNew ? { ...shared, is_streaming: 'true' } : shared;
  const cached: Labels = isNew ? { ...shared, cache_source: 'device' } : shared;
  const sum = (read: (state: SeriesState) => number) => series.reduce((all, state) => all + read(state), 0);
  const counter = (name: string, labels: Labels, value: number) => scalar({ name, type: 'counter', help: 'A count.' }, [[labels, value]]); // prettier-ignore
  const ended = sum(({ counted }) => counted.stopped + counted.lengthReached);
  const prompt = sum(({ counted }) => counted.promptByEnded);
  const of = (name: string, measure: Measure, bounds: readonly number[]) =>
    histogram({ name, help: `Histogram of ${measure}.`, bounds, bound: pythonNumber }, [
      [measure === 'ttft' || measure === 'e2e' ? streamed : shared, merged(series, measure)],
    ]);
  return [
    counter('sglang:prompt_tokens_total', streamed, prompt),
    counter(
      'sglang:generation_tokens_total',
      streamed,
      sum(({ counted }) => counted.generatedByEnded),
    ),
    counter(
      'sglang:cached_tokens_total',
      cached,
      sum(({ counted }) => counted.hitByEnded),
    ),
    counter('sglang:num_requests_total', streamed, ended),
    counter(
      'sglang:num_aborted_requests_total',
      shared,
      sum(({ counted }) => counted.aborted),
    ),
    of('sglang:time_to_first_token_seconds', 'ttft', ttftBounds),
    of('sglang:e2e_request_latency_seconds', 'e2e', e2eBounds),
    of('sglang:inter_token_latency_seconds', 'itl', itlBounds),
    of('sglang:queue_time_seconds', 'queue', queueBounds),
    of('sglang:prompt_tokens_histogram', 'promptTokens', lengthBounds),
    of('sglang:generation_tokens_histogram', 'answerTokens', lengthBounds),
  ];
}

function merged(series: readonly SeriesState[], measure: Measure): ReadonlyMap<number, number> {
  const all = new Map<number, number>();
  for (const { seen } of series)
    for (const [value, times] of seen[measure]) all.set(value, (all.get(value) ?? 0) + times);
  return all;
}
