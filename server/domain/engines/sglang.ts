/**
 * SGLang, started with `--enable-metrics`. Two processes fill its page: the scheduler of each rank says what is running,
 * the tokenizer what became of requests, and that mostly when they are over. Which source was read for which name stands
 * in `docs/agent-engines.md`.
 */
import { named, type Condition, type CountedSource, type EngineDefinition, type Source } from './engine.ts';

/**
 * Every rank of a pipeline or, with `--enable-metrics-for-all-schedulers`, of a tensor-parallel group says the same as the
 * others about one batch. Data-parallel ranks (`dp_rank`) have a batch each.
 */
const views = ['tp_rank', 'pp_rank', 'moe_ep_rank'];

/** Its client library shows a series from the first count on. The queues are there from the start. */
const bornBeside = ['sglang:num_running_reqs'];
/** Only versions that have these count what they count. */
const bornBesideAnswers = ['sglang:http_responses_total', 'sglang:http_requests_total'];

/** Queues show their total under an empty `priority`, and beside it each priority that requests had. */
const queue = (name: string): Source => ({ names: [named(name, '0.4')], views, totalUnder: 'priority' });

/** Probes are answered 503 while an engine starts or hangs: no request of a user. */
const notProbes: Condition = { label: 'endpoint', except: ['/health', '/health_generate'] };
const answered = (...statuses: string[]): CountedSource => ({
  names: [named('sglang:http_responses_total', '0.5.7')],
  where: [{ label: 'status_code', values: statuses }, notProbes],
  bornBeside: bornBesideAnswers,
  counted: 'end',
});

export const sglang: EngineDefinition = {
  engine: 'sglang',
  prefix: 'sglang:',
  gauges: {
    running: { read: 'sum', ...queue('sglang:num_running_reqs') },
    waiting: { read: 'sum', ...queue('sglang:num_queue_reqs') },
    // The fullest of its pools: full attention, sliding window, state space.
    kv_usage: { read: 'highest', names: [named('sglang:token_usage', '0.4')] },
  },
  counters: {
    // All that are over, also those that were given up.
    done: { names: [named('sglang:num_requests_total', '0.4.2')], bornBeside, counted: 'end' },
    // By the status of the answer; a stream that breaks after its beginning was answered 200.
    failed: answered('500', '501', '502', '503', '504'),
    overloaded: answered('503'),
    // Signals to give up, whether the client went away or asked for it: no fault of the engine.
    aborted: {
      names: [named('sglang:num_aborted_requests_total', '0.4.7')],
      bornBeside: bornBesideAnswers,
      counted: 'live',
    },
    preemptions: {
      names: [named('sglang:num_retracted_requests_total', '0.5.7')],
      views,
      bornBeside: bornBesideAnswers,
      counted: 'live',
    },
    generation_tokens: { names: [named('sglang:generation_tokens_total', '0.4')], bornBeside, counted: 'end' },
    prompt_tokens: { names: [named('sglang:prompt_tokens_total', '0.4')], bornBeside, counted: 'end' },
    // Parts by `cache_source` (device, host, storage), which add up.
    prefix_hits: {
      names: [named('sglang:cached_tokens_total', '0.4.2')],
      bornBeside: ['sglang:prompt_tokens_total'],
      counted: 'end',
    },
    prefix_queries: { names: [named('sglang:prompt_tokens_total', '0.4')], bornBeside, counted: 'end' },
    // Both move while a request runs, which the counters of tokens do not: each step, or with each piece of an answer.
    progress: {
      names: [
        named('sglang:realtime_tokens_total', '0.5.7'),
        named('sglang:inter_token_latency_seconds_count', '0.4.5'),
      ],
      views,
      bornBeside: bornBesideAnswers,
      counted: 'live',
    },
  },
  distributions: {
    ttft_s: { names: [named('sglang:time_to_first_token_seconds', '0.4')], counted: 'live' },
    itl_s: { names: [named('sglang:inter_token_latency_seconds', '0.4.5')], counted: 'live' },
    e2e_s: { names: [named('sglang:e2e_request_latency_seconds', '0.4')], counted: 'end' },
    queue_s: { names: [named('sglang:queue_time_seconds', '0.5')], views, counted: 'live' },
    // The chunks of a prompt have a stage of their own inside this one.
    prefill_s: {
      names: [named('sglang:per_stage_req_latency_seconds', '0.5.4')],
      where: [{ label: 'stage', values: ['prefill_forward'] }],
      views,
      counted: 'live',
    },
    // Until 0.5.9 only with `--collect-tokens-histogram`.
    prompt_length: { names: [named('sglang:prompt_tokens_histogram', '0.5')], counted: 'end' },
    generation_length: { names: [named('sglang:generation_tokens_histogram', '0.5')], counted: 'end' },
  },
  fallbacks: {
    generation_tokens_per_s: { read: 'sum', names: [named('sglang:gen_throughput', '0.4')], views },
    prefix_hit_ratio: { read: 'highest', names: [named('sglang:cache_hit_rate', '0.4')] },
  },
};
