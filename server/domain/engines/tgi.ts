/**
 * Text Generation Inference, in maintenance mode since 2025. Names: its `docs/source/reference/metrics.md`,
 * `router/src/server.rs` and `backends/v3/src/lib.rs`. No time to first token, no preemption and no prefix cache is exported;
 * key-value usage is the running batch's token reservation over what fits (version 3 only), a stand-in.
 */
import type { EngineDefinition } from './engine.ts';

/** Its exporter (Rust's `metrics`) shows a counter from the first count on: no failure yet, no failure counter. */
const bornBeside = ['tgi_request_success'];

export const tgi: EngineDefinition = {
  engine: 'tgi',
  prefix: 'tgi_',
  gauges: {
    running: { read: 'sum', names: ['tgi_batch_current_size'] },
    waiting: { read: 'sum', names: ['tgi_queue_size'] },
    kv_usage: {
      read: 'quotient',
      dividend: ['tgi_batch_current_max_tokens'],
      divisor: ['tgi_batch_max_total_tokens'],
    },
  },
  counters: {
    done: { names: ['tgi_request_success'] },
    failed: { names: ['tgi_request_failure'], bornBeside },
    overloaded: { names: ['tgi_request_failure'], where: { label: 'err', values: ['overloaded'] }, bornBeside },
    generation_tokens: { names: ['tgi_request_generated_tokens_sum'] },
    prompt_tokens: { names: ['tgi_request_input_length_sum'] },
  },
  distributions: {
    // The mean of each request, not each gap between tokens: a long stall inside one request hides in it.
    itl_s: ['tgi_request_mean_time_per_token_duration'],
    e2e_s: ['tgi_request_duration'],
    queue_s: ['tgi_request_queue_duration'],
    prompt_length: ['tgi_request_input_length'],
    generation_length: ['tgi_request_generated_tokens'],
  },
  fallbacks: {},
};
