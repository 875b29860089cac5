/**
 * vLLM, its V0 engine (0.6 to 0.10) and its V1 engine. Which source was read for which name stands in
 * `docs/agent-engines.md`. Each series of a data-parallel `engine` and of a `model_name` counts for itself.
 */
import { named, type CountedSource, type EngineDefinition } from './engine.ts';

const success = [named('vllm:request_success_total', '0.6')];
const finished = (...values: string[]): CountedSource => ({
  names: success,
  where: [{ label: 'finished_reason', values }],
  counted: 'end',
});

export const vllm: EngineDefinition = {
  engine: 'vllm',
  prefix: 'vllm:',
  gauges: {
    running: { read: 'sum', names: [named('vllm:num_requests_running', '0.6')] },
    // `vllm:num_requests_waiting_by_reason` is a view of it.
    waiting: { read: 'sum', names: [named('vllm:num_requests_waiting', '0.6')] },
    kv_usage: {
      read: 'highest',
      names: [named('vllm:kv_cache_usage_perc', '0.9.2'), named('vllm:gpu_cache_usage_perc', '0.6', '0.11')],
    },
  },
  counters: {
    done: finished('stop', 'length', 'repetition'),
    failed: finished('error'),
    // The client went away: no fault of the engine. V1 shows the series and, up to 0.13 at least, never counts in it.
    aborted: finished('abort'),
    preemptions: { names: [named('vllm:num_preemptions_total', '0.6')], counted: 'live' },
    generation_tokens: { names: [named('vllm:generation_tokens_total', '0.6')], counted: 'live' },
    prompt_tokens: { names: [named('vllm:prompt_tokens_total', '0.6')], counted: 'live' },
    // V0 shows a rate of hits since its start, which says nothing about an interval.
    prefix_hits: {
      names: [named('vllm:prefix_cache_hits_total', '0.9.2'), named('vllm:gpu_prefix_cache_hits_total', '0.8', '0.11')],
      counted: 'live',
    },
    prefix_queries: {
      names: [
        named('vllm:prefix_cache_queries_total', '0.9.2'),
        named('vllm:gpu_prefix_cache_queries_total', '0.8', '0.11'),
      ],
      counted: 'live',
    },
    // Tokens of each step; a prompt that is read in several chunks counts at the last of them.
    progress: {
      names: [named('vllm:iteration_tokens_total_sum', '0.7'), named('vllm:generation_tokens_total', '0.6')],
      counted: 'live',
    },
    spec_drafted: { names: [named('vllm:spec_decode_num_draft_tokens_total', '0.6')], counted: 'live' },
    spec_accepted: { names: [named('vllm:spec_decode_num_accepted_tokens_total', '0.6')], counted: 'live' },
  },
  distributions: {
    ttft_s: { names: [named('vllm:time_to_first_token_seconds', '0.6')], counted: 'live' },
    itl_s: {
      names: [
        named('vllm:inter_token_latency_seconds', '0.11'),
        named('vllm:time_per_output_token_seconds', '0.6', '0.14'),
      ],
      counted: 'live',
    },
    e2e_s: { names: [named('vllm:e2e_request_latency_seconds', '0.6')], counted: 'end' },
    queue_s: { names: [named('vllm:request_queue_time_seconds', '0.6.5')], counted: 'end' },
    prefill_s: { names: [named('vllm:request_prefill_time_seconds', '0.6.5')], counted: 'end' },
    inference_s: { names: [named('vllm:request_inference_time_seconds', '0.6.5')], counted: 'end' },
    prompt_length: { names: [named('vllm:request_prompt_tokens', '0.6')], counted: 'end' },
    generation_length: { names: [named('vllm:request_generation_tokens', '0.6')], counted: 'end' },
  },
  fallbacks: {},
};
