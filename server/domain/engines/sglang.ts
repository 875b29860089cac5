/**
 * SGLang, started with `--enable-metrics`. Names: its `srt/observability/metrics_collector.py`. It counts every aborted
 * request together, whether it broke or its client left, so that count is the only sign of failure there is.
 */
import type { EngineDefinition } from './engine.ts';

export const sglang: EngineDefinition = {
  engine: 'sglang',
  prefix: 'sglang:',
  gauges: {
    running: { read: 'sum', names: ['sglang:num_running_reqs'] },
    waiting: { read: 'sum', names: ['sglang:num_queue_reqs'] },
    kv_usage: { read: 'highest', names: ['sglang:token_usage'] },
  },
  counters: {
    done: { names: ['sglang:num_requests_total'] },
    failed: { names: ['sglang:num_aborted_requests_total'] },
    preemptions: { names: ['sglang:num_retracted_requests_total'] },
    generation_tokens: { names: ['sglang:generation_tokens_total'] },
    prompt_tokens: { names: ['sglang:prompt_tokens_total'] },
    prefix_hits: { names: ['sglang:cached_tokens_total'] },
    prefix_queries: { names: ['sglang:prompt_tokens_total'] },
  },
  distributions: {
    ttft_s: ['sglang:time_to_first_token_seconds'],
    itl_s: ['sglang:inter_token_latency_seconds'],
    e2e_s: ['sglang:e2e_request_latency_seconds'],
    queue_s: ['sglang:queue_time_seconds'],
    // Only with `--collect-tokens-histogram`.
    prompt_length: ['sglang:prompt_tokens_histogram'],
    generation_length: ['sglang:generation_tokens_histogram'],
  },
  fallbacks: { generation_tokens_per_s: ['sglang:gen_throughput'], prefix_hit_ratio: ['sglang:cache_hit_rate'] },
};
