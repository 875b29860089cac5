/** Pages as engines, their versions and the libraries beneath really write them, two of each, and what came between. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { Engine } from './engine.ts';
import { readScrape } from './scrape.ts';
import { snapshotFrom } from './snapshot-from.ts';
import type { Snapshot } from './snapshot.ts';

interface Shape {
  readonly title: string;
  readonly engine: Engine;
  readonly before?: readonly string[];
  readonly after: readonly string[];
  readonly shows: Partial<Record<keyof Snapshot, unknown>>;
}

/** Buckets of 0.1, 1 and above, cumulative, with sum and count as Python's client writes them. */
function histogram(name: string, labels: string, counts: readonly [number, number, number]): string[] {
  const [a, b, c] = counts;
  const beside = labels === '' ? '' : `${labels},`;
  return [
    `${name}_bucket{${beside}le="0.1"} ${a}.0`,
    `${name}_bucket{${beside}le="1.0"} ${b}.0`,
    `${name}_bucket{${beside}le="+Inf"} ${c}.0`,
    `${name}_count{${labels}} ${c}.0`,
    `${name}_sum{${labels}} ${c / 2}`,
  ];
}

const rank = (name: string, labels: string, value: number) => `sglang:${name}{model_name="m",${labels}} ${value}`;
const answered = (endpoint: string, status: number, count: number) =>
  `sglang:http_responses_total{endpoint="${endpoint}",method="POST",status_code="${status}"} ${count}`;

const shapes: Shape[] = [
  {
    title: 'queues by priority beside their total count once',
    engine: 'sglang',
    after: ['', '0', '1'].flatMap((priority, at) => [
      rank('num_running_reqs', `priority="${priority}"`, [9, 6, 3][at] ?? 0),
      rank('num_queue_reqs', `priority="${priority}"`, [5, 5, 0][at] ?? 0),
    ]),
    shows: { running: 9, waiting: 5 },
  },
  {
    title: 'a total stands for the parts of its own rank only',
    engine: 'sglang',
    after: ['0', '1'].flatMap((dp) =>
      ['', '0', '1'].map((priority, at) =>
        rank('num_running_reqs', `dp_rank="${dp}",tp_rank="${dp}",priority="${priority}"`, [9, 6, 3][at] ?? 0),
      ),
    ),
    shows: { running: 18 },
  },
  {
    title: 'priorities without a total are added up',
    engine: 'sglang',
    after: ['0', '1'].map((priority) => rank('num_running_reqs', `priority="${priority}"`, 4)),
    shows: { running: 8 },
  },
  {
    title: 'counters of requests have one series for each priority and no total',
    engine: 'sglang',
    before: ['', '0', '1'].map((priority) => rank('num_requests_total', `priority="${priority}"`, 0)),
    after: ['', '0', '1'].map((priority, at) =>
      rank('num_requests_total', `priority="${priority}"`, [1, 6, 3][at] ?? 0),
    ),
    shows: { done: 10 },
  },
  {
    title: 'ranks of a tensor-parallel group and of a pipeline show one batch, ranks of data parallelism one each',
    engine: 'sglang',
    before: [
      rank('realtime_tokens_total', 'dp_rank="0",mode="decode",pp_rank="0",tp_rank="0"', 0),
      ...histogram('sglang:queue_time_seconds', 'dp_rank="0",pp_rank="0",tp_rank="0"', [0, 0, 0]),
    ],
    after: ['0', '1'].flatMap((dp) =>
      [0, 1, 2, 3].flatMap((at) => {
        const labels = `dp_rank="${dp}",pp_rank="${at >> 1}",tp_rank="${at & 1}"`;
        return [
          rank('num_running_reqs', labels, at === 0 ? 8 : 7), // not all of them are at the same step
          rank('token_usage', labels, dp === '0' ? 0.5 : 0.7),
          rank('realtime_tokens_total', `${labels},mode="decode"`, 100 - at),
          rank('num_retracted_requests_total', labels, 2),
          ...histogram('sglang:queue_time_seconds', labels, [1, 2, 3]),
        ];
      }),
    ),
    shows: {
      running: 16,
      kv_usage: 0.7,
      progress: 200,
      preemptions: 4,
      queue_s: expect.objectContaining({ count: 6, counts: [2, 2, 2], sum: 3 }),
    },
  },
  {
    title: 'clients that left are aborted, answers with 5xx have failed, and probes are no requests',
    engine: 'sglang',
    before: ['sglang:http_requests_total{endpoint="/metrics"} 1', 'sglang:num_aborted_requests_total 3'],
    after: [
      'sglang:http_requests_total{endpoint="/metrics"} 2',
      'sglang:num_aborted_requests_total 10',
      answered('/v1/chat/completions', 200, 90),
      answered('/v1/chat/completions', 400, 7),
      answered('/v1/chat/completions', 499, 7),
      answered('/v1/chat/completions', 500, 2),
      answered('/generate', 503, 4),
      answered('/health', 503, 60),
      answered('/health_generate', 503, 60),
    ],
    shows: { failed: 6, overloaded: 4, aborted: 7 },
  },
  {
    title: 'before 0.5.7 nothing counts failures, and the gaps between tokens are the sign of life',
    engine: 'sglang',
    before: ['sglang:num_requests_total 1', 'sglang:num_aborted_requests_total 1', ...histogram('sglang:inter_token_latency_seconds', '', [1, 1, 1])], // prettier-ignore
    after: ['sglang:num_requests_total 5', 'sglang:num_aborted_requests_total 4', ...histogram('sglang:inter_token_latency_seconds', '', [8, 8, 8])], // prettier-ignore
    shows: { done: 4, failed: null, aborted: 3, progress: 7, preemptions: null },
  },
  {
    title: 'a stage of its own inside the reading of a prompt is not added to it',
    engine: 'sglang',
    after: ['prefill_forward', 'chunked_prefill', 'decode_forward'].flatMap((stage) =>
      histogram('sglang:per_stage_req_latency_seconds', `stage="${stage}"`, [1, 2, 3]),
    ),
    before: histogram('sglang:per_stage_req_latency_seconds', 'stage="prefill_forward"', [0, 0, 0]),
    shows: { prefill_s: expect.objectContaining({ count: 3 }) },
  },
  {
    title: 'tokens found in the cache are added up by where they were found, and the gauge of hits has no say',
    engine: 'sglang',
    before: ['sglang:prompt_tokens_total 0', 'sglang:cache_hit_rate 0'],
    after: [
      'sglang:prompt_tokens_total{is_streaming="true"} 60',
      'sglang:prompt_tokens_total 40',
      'sglang:cached_tokens_total{cache_source="device"} 30',
      'sglang:cached_tokens_total{cache_source="host"} 20',
      'sglang:cache_hit_rate 0',
    ],
    shows: { prefix_hits: 50, prefix_queries: 100, prefix_hit_ratio: 0.5 },
  },
  {
    title: 'waiting by reason is a view of waiting, by source one of the prompt tokens',
    engine: 'vllm',
    before: ['vllm:prompt_tokens_total 0'],
    after: [
      'vllm:num_requests_waiting 12',
      'vllm:num_requests_waiting_by_reason{reason="capacity"} 9',
      'vllm:num_requests_waiting_by_reason{reason="deferred"} 3',
      'vllm:prompt_tokens_total 100',
      'vllm:prompt_tokens_by_source_total{source="local_compute"} 60',
      'vllm:prompt_tokens_by_source_total{source="local_cache_hit"} 40',
    ],
    shows: { waiting: 12, prompt_tokens: 100 },
  },
  {
    title: 'new and old names side by side (0.10) are one metric',
    engine: 'vllm',
    before: ['vllm:gpu_prefix_cache_queries_total 0', 'vllm:prefix_cache_queries_total 0', 'vllm:gpu_prefix_cache_hits_total 0', 'vllm:prefix_cache_hits_total 0'], // prettier-ignore
    after: [
      'vllm:gpu_cache_usage_perc 0.4',
      'vllm:kv_cache_usage_perc 0.4',
      'vllm:gpu_prefix_cache_queries_total 80',
      'vllm:prefix_cache_queries_total 80',
      'vllm:gpu_prefix_cache_hits_total 20',
      'vllm:prefix_cache_hits_total 20',
    ],
    shows: { kv_usage: 0.4, prefix_queries: 80, prefix_hit_ratio: 0.25 },
  },
  {
    title: 'several models and data-parallel engines are added up, and the fullest cache is shown',
    engine: 'vllm',
    before: ['a', 'b'].flatMap((model) => histogram('vllm:e2e_request_latency_seconds', `model_name="${model}"`, [0, 0, 0])), // prettier-ignore
    after: ['a', 'b'].flatMap((model, at) => [
      ...['0', '1'].flatMap((engine) => [
        `vllm:num_requests_running{engine="${engine}",model_name="${model}"} ${at + 1}`,
        `vllm:kv_cache_usage_perc{engine="${engine}",model_name="${model}"} ${at / 2}`,
      ]),
      ...histogram('vllm:e2e_request_latency_seconds', `model_name="${model}"`, [1, 2, 3]),
    ]),
    shows: { running: 6, kv_usage: 0.5, e2e_s: expect.objectContaining({ count: 6, counts: [2, 2, 2] }) },
  },
  {
    title: 'LoRA gauges, cache information and creation times are no counts',
    engine: 'vllm',
    before: ['vllm:num_preemptions_total 1', 'vllm:num_preemptions_created 1.7537953269352946e+09'],
    after: [
      'vllm:lora_requests_info{max_lora="4",running_lora_adapters="a,b",waiting_lora_adapters=""} 1.7537953269e+09',
      'vllm:cache_config_info{block_size="16",num_gpu_blocks="2813"} 1.0',
      'vllm:num_requests_running 2',
      'vllm:num_preemptions_total 4',
      'vllm:num_preemptions_created 1.7537953269352946e+09',
      ...histogram('vllm:e2e_request_latency_seconds', '', [1, 1, 1]),
      'vllm:e2e_request_latency_seconds_created 1.7537953269352946e+09',
    ],
    shows: { running: 2, preemptions: 3 },
  },
  {
    title: 'speculation is counted in tokens, not again by position',
    engine: 'vllm',
    before: ['vllm:spec_decode_num_draft_tokens_total 0', 'vllm:spec_decode_num_accepted_tokens_total 0'],
    after: [
      'vllm:spec_decode_num_drafts_total 10',
      'vllm:spec_decode_num_draft_tokens_total 30',
      'vllm:spec_decode_num_accepted_tokens_total 12',
      'vllm:spec_decode_num_accepted_tokens_per_pos_total{position="0"} 8',
      'vllm:spec_decode_num_accepted_tokens_per_pos_total{position="1"} 4',
    ],
    shows: { spec_drafted: 30, spec_accepted: 12 },
  },
  {
    title: 'V0 counts steps only since 0.7: before, tokens are the sign of life',
    engine: 'vllm',
    before: ['vllm:generation_tokens_total 10'],
    after: ['vllm:generation_tokens_total 60'],
    shows: { progress: 50, prefill_s: null, queue_s: null, spec_drafted: null },
  },
  {
    title: 'a name that came with an update is not compared with the one before it',
    engine: 'vllm',
    before: ['vllm:generation_tokens_total 500', ...histogram('vllm:time_per_output_token_seconds', '', [5, 5, 5])],
    after: [
      'vllm:generation_tokens_total 510',
      'vllm:iteration_tokens_total_sum 40',
      ...histogram('vllm:inter_token_latency_seconds', '', [1, 2, 3]),
    ],
    shows: { baseline: null, progress: 40, itl_s: expect.objectContaining({ counts: [1, 1, 1] }) },
  },
  ...['NaN', '+Inf', '-Inf'].map((value): Shape => ({
    title: `${value} is no number of requests, no usage and no count`,
    engine: 'vllm',
    before: ['vllm:num_preemptions_total NaN', 'vllm:prompt_tokens_total 1'],
    after: [
      `vllm:num_requests_running{engine="0"} ${value}`,
      'vllm:num_requests_running{engine="1"} 3',
      `vllm:kv_cache_usage_perc ${value}`,
      `vllm:num_preemptions_total ${value}`,
      'vllm:prompt_tokens_total 5',
      'vllm:time_to_first_token_seconds_bucket{le="+Inf"} NaN',
      'vllm:time_to_first_token_seconds_count NaN',
    ],
    shows: { running: 3, kv_usage: null, preemptions: null, prompt_tokens: 4, ttft_s: null, baseline: null },
  })),
  ...['NaN', '+Inf', '-5', '1.7e308'].flatMap((value): Shape[] => {
    const page = (preemptions: string, bucket: string, rest: number) => [
      `vllm:num_requests_running{engine="0"} ${preemptions}`,
      'vllm:num_requests_running{engine="1"} 3',
      `vllm:num_preemptions_total ${preemptions}`,
      'vllm:time_to_first_token_seconds_bucket{le="1"} 0',
      `vllm:time_to_first_token_seconds_bucket{le="+Inf"} ${bucket}`,
      'vllm:time_to_first_token_seconds_count 5',
      `vllm:prompt_tokens_total ${rest}`,
    ];
    const shows = { baseline: null, preemptions: null, ttft_s: null, prompt_tokens: 4 };
    return [
      { title: `from ${value} to 500 nothing tells how many`, before: page(value, value, 1), after: page('500', '500', 5), shows: { ...shows, running: 503 } }, // prettier-ignore
      { title: `from 500 to ${value} is no restart`, before: page('500', '500', 1), after: page(value, value, 5), shows: { ...shows, running: 3 } }, // prettier-ignore
    ].map((shape) => ({ ...shape, engine: 'vllm' as const }));
  }),
  {
    title: 'sums of what is not beyond counting stay numbers',
    engine: 'vllm',
    before: [],
    after: Array.from({ length: 50 }, (_, engine) => `vllm:num_requests_running{engine="${engine}"} 9e307`),
    shows: { running: null },
  },
  {
    title: 'a counter that is not a number is not one that has not counted yet',
    engine: 'tgi',
    before: ['tgi_queue_size 0'],
    after: ['tgi_queue_size 0', 'tgi_request_success NaN'],
    shows: { done: null, failed: 0 },
  },
  {
    title: 'a summary, which has no buckets, is no histogram; steps of the batch are the sign of life',
    engine: 'tgi',
    before: ['tgi_queue_size 0'],
    after: [
      'tgi_queue_size 1',
      'tgi_request_skipped_tokens{quantile="0.5"} 2',
      'tgi_batch_inference_success{method="prefill"} 2',
      'tgi_batch_inference_success{method="decode"} 40',
    ],
    shows: { progress: 42, spec_accepted: null, done: 0, ttft_s: null },
  },
];

const exemplar = ' # {trace_id="abc"} 0.05 1700000000.5';
for (const { title, engine, before = [], after, shows } of shapes) {
  test(`${engine}: ${title}`, () => {
    const read = (lines: readonly string[], atMs: number) => readScrape(`up 1\n${lines.join('\n')}\n`, atMs);
    expect(snapshotFrom({ engine, previous: read(before, 0), current: read(after, 10_000) })).toMatchObject(shows);
  });

  test(`${engine}: ${title}, also in OpenMetrics`, () => {
    const read = (lines: readonly string[], atMs: number) =>
      readScrape(`${['up 1', ...lines].map((line) => `${line}${line.includes('_bucket') ? exemplar : ''}\n`).join('')}# EOF\n`, atMs); // prettier-ignore
    expect(snapshotFrom({ engine, previous: read(before, 0), current: read(after, 10_000) })).toMatchObject(shows);
  });
}
