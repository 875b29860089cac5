/**
 * vLLM (V1 engine). Names: its `v1/metrics/loggers.py` and `docs/design/metrics.md`; `gpu_` names were replaced in pull
 * requests 18354 and 24110 and removed in 29330, `time_per_output_token_seconds` in 32661.
 */
import type { EngineDefinition } from './engine.ts';

const success = ['vllm:request_success_total', 'vllm:request_success'];

export const vllm: EngineDefinition = {
  engine: 'vllm',
  prefix: 'vllm:',
  gauges: {
    running: { read: 'sum', names: ['vllm:num_requests_running'] },
    waiting: { read: 'sum', names: ['vllm:num_requests_waiting'] },
    kv_usage: { read: 'highest', names: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'] },
  },
  counters: {
    done: { names: success, where: { label: 'finished_reason', values: ['stop', 'length', 'repetition'] } },
    failed: { names: success, where: { label: 'finished_reason', values: ['error'] } },
    // The client went away: no fault of the engine.
    aborted: { names: success, where: { label: 'finished_reason', values: ['abort'] } },
    preemptions: { names: ['vllm:num_preemptions_total', 'vllm:num_preemptions'] },
    generation_tokens: { names: ['vllm:generation_tokens_total', 'vllm:generation_tokens'] },
    prompt_tokens: { names: ['vllm:prompt_tokens_total', 'vllm:prompt_tokens'] },
    prefix_hits: { names: ['vllm:prefix_cache_hits_total', 'vllm:gpu_prefix_cache_hits_total'] },
    prefix_queries: { names: ['vllm:prefix_cache_queries_total', 'vllm:gpu_prefix_cache_queries_total'] },
  },
  distributions: {
    ttft_s: ['vllm:time_to_first_token_seconds'],
    itl_s: ['vllm:inter_token_latency_seconds', 'vllm:time_per_output_token_seconds'],
    e2e_s: ['vllm:e2e_request_latency_seconds'],
    queue_s: ['vllm:request_queue_time_seconds'],
    prompt_length: ['vllm:request_prompt_tokens'],
    generation_length: ['vllm:request_generation_tokens'],
  },
  fallbacks: {},
};
