/** SGLang's page with `--enable-metrics --collect-tokens-histogram`: Python's client, labels of model and rank. */
import type { CounterField, DistributionField } from '../domain/engines/engine.ts';
import type { Family } from '../domain/engines/prometheus-parse.ts';
import { pythonNumber } from './prometheus-print.ts';
import { histogram, scalar, type PageState } from './page-parts.ts';

const counters: readonly (readonly [CounterField, string, string])[] = [
  ['prompt_tokens', 'sglang:prompt_tokens_total', 'Number of prefill tokens processed.'],
  ['generation_tokens', 'sglang:generation_tokens_total', 'Number of generation tokens processed.'],
  ['prefix_hits', 'sglang:cached_tokens_total', 'Number of cached prompt tokens.'],
  ['done', 'sglang:num_requests_total', 'Number of requests processed.'],
  ['failed', 'sglang:num_aborted_requests_total', 'Number of requests aborted.'],
  ['preemptions', 'sglang:num_retracted_requests_total', 'Total number of retracted requests.'],
];

const histograms: readonly (readonly [DistributionField, string, string])[] = [
  ['ttft_s', 'sglang:time_to_first_token_seconds', 'Histogram of time to first token in seconds.'],
  ['itl_s', 'sglang:inter_token_latency_seconds', 'Histogram of inter-token latency in seconds.'],
  ['e2e_s', 'sglang:e2e_request_latency_seconds', 'Histogram of End-to-end request latency in seconds'],
  ['queue_s', 'sglang:queue_time_seconds', 'Histogram of queueing time in seconds.'],
  ['prompt_length', 'sglang:prompt_tokens_histogram', 'Histogram of prompt token length.'],
  ['generation_length', 'sglang:generation_tokens_histogram', 'Histogram of generation token length.'],
];

export function sglangFamilies({ levels, meter, model, processStartedS }: PageState): Family[] {
  const labels = { model_name: model };
  const rank = { engine_type: 'unified', model_name: model, pp_rank: '0', tp_rank: '0' };
  const gauge = (name: string, help: string, value: number) =>
    scalar({ name, type: 'gauge', help, values: [[rank, value]] });
  const usage = levels.kvUsedTokens / levels.kvTokens;
  return [
    scalar({
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'Start time of the process since unix epoch in seconds.',
      values: [[{}, processStartedS]],
    }),
    gauge('sglang:num_running_reqs', 'The number of running requests.', levels.running),
    gauge('sglang:num_queue_reqs', 'The number of requests in the waiting queue.', levels.waiting),
    gauge('sglang:num_used_tokens', 'The number of used tokens.', levels.kvUsedTokens),
    gauge('sglang:token_usage', 'The token usage.', usage),
    ...counters.map(([field, name, help]) =>
      // Clients that leave and requests that break are one count here.
      scalar({
        name,
        type: 'counter',
        help,
        values: [[labels, meter.counted(field) + (field === 'failed' ? meter.counted('aborted') : 0)]],
      }),
    ),
    ...histograms.flatMap(([field, name, help]) =>
      histogram({ name, help, labels, of: meter.histogram(field), bound: pythonNumber }),
    ),
  ];
}
