/** vLLM's page: Python's client, labels `engine` and `model_name`, every reason for finishing present from the start. */
import type { Family } from '../domain/engines/prometheus-parse.ts';
import type { Observed } from './meter.ts';
import { pythonNumber } from './prometheus-print.ts';
import { histogram, processStart, scalar, type PageState } from './page-parts.ts';

const histograms: readonly (readonly [Observed, string, string])[] = [
  ['ttft_s', 'vllm:time_to_first_token_seconds', 'Histogram of time to first token in seconds.'],
  ['itl_s', 'vllm:inter_token_latency_seconds', 'Histogram of inter-token latency in seconds.'],
  ['e2e_s', 'vllm:e2e_request_latency_seconds', 'Histogram of e2e request latency in seconds.'],
  ['queue_s', 'vllm:request_queue_time_seconds', 'Histogram of time spent in WAITING phase for request.'],
  ['prefill_s', 'vllm:request_prefill_time_seconds', 'Histogram of time spent in PREFILL phase for request.'],
  ['decode_s', 'vllm:request_decode_time_seconds', 'Histogram of time spent in DECODE phase for request.'],
  ['inference_s', 'vllm:request_inference_time_seconds', 'Histogram of time spent in RUNNING phase for request.'],
  ['step_tokens', 'vllm:iteration_tokens_total', 'Histogram of number of tokens per engine_step.'],
  ['prompt_length', 'vllm:request_prompt_tokens', 'Number of prefill tokens processed.'],
  ['generation_length', 'vllm:request_generation_tokens', 'Number of generation tokens processed.'],
];

export function vllmFamilies({ levels, meter, model, speculates, processStartedS }: PageState): Family[] {
  const labels = { engine: '0', model_name: model };
  const gauge = (name: string, help: string, value: number) =>
    scalar({ name, type: 'gauge', help, values: [[labels, value]] });
  const counter = (name: string, help: string, value: number) =>
    scalar({ name, type: 'counter', help, values: [[labels, value]] });
  const rounded = (field: 'spec_drafted' | 'spec_accepted') => Math.floor(meter.counted(field));
  const done = meter.counted('done');
  // Nine of ten stop by themselves; the others reach their limit.
  const stopped = Math.ceil(done * 0.9);
  const finished = {
    stop: stopped,
    length: done - stopped,
    abort: meter.counted('aborted'),
    error: meter.counted('failed'),
    repetition: 0,
  };
  const speculation = speculates
    ? [
        counter('vllm:spec_decode_num_draft_tokens_total', 'Number of draft tokens.', rounded('spec_drafted')),
        counter('vllm:spec_decode_num_accepted_tokens_total', 'Number of accepted tokens.', rounded('spec_accepted')),
      ]
    : [];
  return [
    processStart(processStartedS),
    gauge('vllm:num_requests_running', 'Number of requests in model execution batches.', levels.running),
    gauge('vllm:num_requests_waiting', 'Number of requests waiting to be processed.', levels.waiting),
    scalar({
      name: 'vllm:num_requests_waiting_by_reason',
      type: 'gauge',
      help: 'Number of waiting requests by reason.',
      values: [
        [{ ...labels, reason: 'capacity' }, levels.waiting],
        [{ ...labels, reason: 'deferred' }, 0],
      ],
    }),
    gauge(
      'vllm:kv_cache_usage_perc',
      'KV-cache usage. 1 means 100 percent usage.',
      levels.kvUsedTokens / levels.kvTokens,
    ),
    counter('vllm:prefix_cache_queries_total', 'Prefix cache queries, in tokens.', meter.counted('prefix_queries')),
    counter('vllm:prefix_cache_hits_total', 'Prefix cache hits, in tokens.', meter.counted('prefix_hits')),
    counter('vllm:num_preemptions_total', 'Cumulative number of preemptions.', meter.counted('preemptions')),
    counter('vllm:prompt_tokens_total', 'Number of prefill tokens processed.', meter.counted('prompt_tokens')),
    counter(
      'vllm:generation_tokens_total',
      'Number of generation tokens processed.',
      meter.counted('generation_tokens'),
    ),
    scalar({
      name: 'vllm:request_success_total',
      type: 'counter',
      help: 'Count of successfully processed requests.',
      values: Object.entries(finished).map(([reason, count]) => [{ ...labels, finished_reason: reason }, count]),
    }),
    ...speculation,
    ...histograms.flatMap(([field, name, help]) =>
      histogram({ name, help, labels, of: meter.histogram(field), bound: pythonNumber }),
    ),
    scalar({
      name: 'vllm:cache_config_info',
      type: 'gauge',
      help: 'Information of the LLMEngine CacheConfig',
      values: [[{ block_size: '16', engine: '0', num_gpu_blocks: String(Math.floor(levels.kvTokens / 16)) }, 1]],
    }),
  ];
}
