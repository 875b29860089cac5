/**
 * Text Generation Inference 2 and 3, in maintenance mode since December 2025. Which source was read for which name stands
 * in `docs/agent-engines.md`. No time to first token, no preemption and no prefix cache is exported; key-value usage is the
 * running batch's token reservation over what fits (its v3 backend only), a stand-in.
 */
import { named, type CountedSource, type EngineDefinition } from './engine.ts';

/** Its exporter (Rust's `metrics`) shows a counter from the first count on: no failure yet, no failure counter. */
const bornBeside = ['tgi_request_count', 'tgi_request_success', 'tgi_queue_size'];

const failure = (...values: string[]): CountedSource => ({
  names: [named('tgi_request_failure', '2.0')],
  where: [{ label: 'err', values }],
  bornBeside,
  counted: 'end',
});

export const tgi: EngineDefinition = {
  engine: 'tgi',
  prefix: 'tgi_',
  gauges: {
    running: { read: 'sum', names: [named('tgi_batch_current_size', '2.0')] },
    waiting: { read: 'sum', names: [named('tgi_queue_size', '2.0')] },
    kv_usage: {
      read: 'quotient',
      dividend: [named('tgi_batch_current_max_tokens', '2.0')],
      divisor: [named('tgi_batch_max_total_tokens', '2.3.1')],
    },
  },
  counters: {
    done: { names: [named('tgi_request_success', '2.0')], bornBeside, counted: 'end' },
    // `validation` and `template` are mistakes of who asked, `dropped` is a client that went away.
    failed: failure('overloaded', 'generation', 'incomplete'),
    overloaded: failure('overloaded'),
    aborted: failure('dropped'),
    generation_tokens: { names: [named('tgi_request_generated_tokens_sum', '2.0')], counted: 'end' },
    prompt_tokens: { names: [named('tgi_request_input_length_sum', '2.0')], counted: 'arrival' },
    // Steps of the batch, reading prompts or making a token each.
    progress: { names: [named('tgi_batch_inference_success', '2.0')], bornBeside, counted: 'live' },
  },
  distributions: {
    // The mean of each request, not each gap between tokens: a long stall inside one request hides in it.
    itl_s: { names: [named('tgi_request_mean_time_per_token_duration', '2.0')], counted: 'end' },
    e2e_s: { names: [named('tgi_request_duration', '2.0')], counted: 'end' },
    queue_s: { names: [named('tgi_request_queue_duration', '2.0')], counted: 'end' },
    inference_s: { names: [named('tgi_request_inference_duration', '2.0')], counted: 'end' },
    prompt_length: { names: [named('tgi_request_input_length', '2.0')], counted: 'arrival' },
    generation_length: { names: [named('tgi_request_generated_tokens', '2.0')], counted: 'end' },
  },
  fallbacks: {},
};
