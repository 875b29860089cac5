/**
 * SGLang's page with `--enable-metrics --collect-tokens-histogram --enable-priority-scheduling`: Python's client, the
 * scheduler's metrics with labels of the rank, those of requests without, and the queues once in all and once by priority.
 */
import type { DistributionField } from '../domain/engines/engine.ts';
import type { Family } from '../domain/engines/prometheus-parse.ts';
import { pythonNumber } from './prometheus-print.ts';
import { histogram, processStart, scalar, type Labels, type PageState } from './page-parts.ts';

/** Tokens are counted when their request is over: as the sums of the lengths. */
const counters: readonly (readonly [string, string, (meter: PageState['meter']) => number])[] = [
  [
    'sglang:prompt_tokens_total',
    'Number of prefill tokens processed.',
    (of) => of.histogram('prompt_length')?.sum ?? 0,
  ],
  [
    'sglang:generation_tokens_total',
    'Number of generation tokens processed.',
    (of) => of.histogram('generation_length')?.sum ?? 0,
  ],
  ['sglang:num_requests_total', 'Number of requests processed.', (of) => of.counted('done') + of.counted('failed')],
  ['sglang:num_aborted_requests_total', 'Number of requests aborted.', (of) => of.counted('aborted')],
];

const histograms: readonly (readonly [DistributionField, string, string, 'request' | 'rank', Labels])[] = [
  ['ttft_s', 'sglang:time_to_first_token_seconds', 'Histogram of time to first token in seconds.', 'request', {}],
  ['itl_s', 'sglang:inter_token_latency_seconds', 'Histogram of inter-token latency in seconds.', 'request', {}],
  ['e2e_s', 'sglang:e2e_request_latency_seconds', 'Histogram of End-to-end request latency in seconds', 'request', {}],
  ['queue_s', 'sglang:queue_time_seconds', 'Histogram of queueing time in seconds.', 'rank', {}],
  [
    'prefill_s',
    'sglang:per_stage_req_latency_seconds',
    'The latency of each stage of requests.',
    'rank',
    { stage: 'prefill_forward' },
  ],
  ['prompt_length', 'sglang:prompt_tokens_histogram', 'Histogram of prompt token length.', 'request', {}],
  ['generation_length', 'sglang:generation_tokens_histogram', 'Histogram of generation token length.', 'request', {}],
];

export function sglangFamilies({ levels, meter, model, processStartedS }: PageState): Family[] {
  const request = { engine_type: 'unified', model_name: model, priority: '0' };
  const rank = {
    engine_type: 'unified',
    model_name: model,
    moe_ep_rank: '0',
    pp_rank: '0',
    priority: '',
    tp_rank: '0',
  };
  const gauge = (name: string, help: string, value: number) =>
    scalar({ name, type: 'gauge', help, values: [[rank, value]] });
  /** In all, and as many of them as have each of the two priorities. */
  const queue = (name: string, help: string, value: number) => {
    const urgent = Math.floor(value / 3);
    const parts: [Labels, number][] = [value - urgent, urgent].map((part, at) => [
      { ...rank, priority: String(at) },
      part,
    ]);
    return scalar({ name, type: 'gauge', help, values: [[rank, value], ...parts] });
  };
  /** Series that are there only once they have counted. */
  const born = (name: string, help: string, values: readonly (readonly [Labels, number])[]) => {
    const counted = values.filter(([, count]) => count > 0);
    return counted.length === 0 ? [] : [scalar({ name, type: 'counter', help, values: counted })];
  };
  const answered = (status: string, count: number) =>
    [{ endpoint: '/v1/chat/completions', method: 'POST', status_code: status }, count] as const;
  const mode = (name: string, count: number) => [{ ...rank, mode: name }, count] as const;
  return [
    processStart(processStartedS),
    queue('sglang:num_running_reqs', 'The number of running requests.', levels.running),
    queue('sglang:num_queue_reqs', 'The number of requests in the waiting queue.', levels.waiting),
    gauge('sglang:num_used_tokens', 'The number of used tokens.', levels.kvUsedTokens),
    gauge('sglang:token_usage', 'The token usage.', levels.kvUsedTokens / levels.kvTokens),
    gauge('sglang:cache_hit_rate', 'The prefix cache hit rate.', 0), // as it is after each step that reads no prompt
    scalar({
      name: 'sglang:num_retracted_requests_total',
      type: 'counter',
      help: 'Total number of retracted requests.',
      values: [[rank, meter.counted('preemptions')]],
    }),
    ...born('sglang:realtime_tokens_total', 'Total number of tokens processed (updated on each log interval).', [
      mode('prefill_compute', meter.counted('prompt_tokens_computed')),
      mode('prefill_cache', meter.counted('prefix_hits')),
      mode('decode', meter.counted('generation_tokens')),
    ]),
    ...counters.flatMap(([name, help, count]) => born(name, help, [[request, count(meter)]])),
    ...born('sglang:cached_tokens_total', 'Number of cached prompt tokens by source (device/host/storage).', [
      [{ ...request, cache_source: 'device' }, meter.counted('prefix_hits_ended')],
    ]),
    scalar({
      name: 'sglang:http_requests_total',
      type: 'counter',
      help: 'Total number of HTTP requests by endpoint and method',
      values: [[{ endpoint: '/metrics', method: 'GET' }, 1]],
    }),
    ...born('sglang:http_responses_total', 'Total number of HTTP responses by endpoint and status code', [
      answered('200', meter.counted('done')),
      answered('500', meter.counted('failed') - meter.counted('overloaded')),
      answered('503', meter.counted('overloaded')),
    ]),
    ...histograms.flatMap(([field, name, help, of, labels]) =>
      histogram({
        name,
        help,
        labels: { ...(of === 'rank' ? rank : request), ...labels },
        of: meter.histogram(field),
        bound: pythonNumber,
      }),
    ),
  ];
}
