import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { Engine } from './engine.ts';
import { readScrape, WrongEngineError, type Scrape } from './scrape.ts';
import { snapshotFrom, takingSnapshot } from './snapshot-from.ts';
import { snapshotSchema } from './snapshot.ts';

const startedAtMs = Date.UTC(2026, 0, 1);

function scrape(afterS: number, ...lines: string[]): Scrape {
  return readScrape(`${lines.join('\n')}\n`, startedAtMs + afterS * 1_000);
}

function between(engine: Engine, before: string[], after: string[], seconds = 10) {
  return snapshotFrom({ engine, previous: scrape(0, ...before), current: scrape(seconds, ...after) });
}

const rows: { title: string; engine: Engine; before: string[]; after: string[]; expected: Record<string, unknown> }[] =
  [
    {
      title: 'levels are summed over ranks, and usage is that of the fullest',
      engine: 'vllm',
      before: [],
      after: [
        'vllm:num_requests_running{engine="0"} 3',
        'vllm:num_requests_running{engine="1"} 4',
        'vllm:kv_cache_usage_perc{engine="0"} 0.5',
        'vllm:kv_cache_usage_perc{engine="1"} 0.9',
      ],
      expected: { running: 7, kv_usage: 0.9, waiting: null },
    },
    {
      title: 'requests are told apart by how they ended',
      engine: 'vllm',
      before: ['stop 100', 'length 10', 'abort 5', 'error 1'].map(finished),
      after: ['stop 190', 'length 20', 'abort 12', 'error 3'].map(finished),
      expected: { done: 100, failed: 2, aborted: 7, requests_per_s: 10.2 },
    },
    {
      title: 'a page that does not count errors has no count of them, not 0',
      engine: 'vllm',
      before: [finished('stop 1')],
      after: [finished('stop 2')],
      expected: { done: 1, failed: null, aborted: null },
    },
    {
      title: 'an old name is read when the new one is missing',
      engine: 'vllm',
      before: ['vllm:gpu_prefix_cache_hits_total 0', 'vllm:gpu_prefix_cache_queries_total 0'],
      after: [
        'vllm:gpu_cache_usage_perc 0.25',
        'vllm:gpu_prefix_cache_hits_total 30',
        'vllm:gpu_prefix_cache_queries_total 40',
      ],
      expected: { kv_usage: 0.25, prefix_hit_ratio: 0.75 },
    },
    {
      title: 'a series that is new has counted from 0',
      engine: 'sglang',
      before: ['sglang:num_requests_total{model="a"} 5'],
      after: ['sglang:num_requests_total{model="a"} 8', 'sglang:num_requests_total{model="b"} 2'],
      expected: { done: 5, baseline: null },
    },
    {
      title: 'gauges stand in where a rate has no counter',
      engine: 'sglang',
      before: ['sglang:gen_throughput 1'],
      after: ['sglang:gen_throughput 4594.1', 'sglang:cache_hit_rate 0.4'],
      expected: { generation_tokens_per_s: 4594.1, prefix_hit_ratio: 0.4, generation_tokens: null },
    },
    {
      title: 'usage is a quotient, and no failure yet counts as none',
      engine: 'tgi',
      before: ['tgi_request_success 10'],
      after: ['tgi_request_success 30', 'tgi_batch_current_max_tokens 800', 'tgi_batch_max_total_tokens 1000'],
      expected: { done: 20, failed: 0, overloaded: 0, kv_usage: 0.8, ttft_s: null },
    },
    {
      title: 'the first failures are counted, and refusals among them; mistakes of clients and those who left are none',
      engine: 'tgi',
      before: ['tgi_request_success 10'],
      after: [
        'tgi_request_success 10',
        'tgi_request_failure{err="overloaded"} 4',
        'tgi_request_failure{err="generation"} 1',
        'tgi_request_failure{err="validation"} 20',
        'tgi_request_failure{err="dropped"} 3',
      ],
      expected: { failed: 5, overloaded: 4, aborted: 3 },
    },
  ];

function finished(reasonAndCount: string): string {
  const [reason = '', count = ''] = reasonAndCount.split(' ');
  return `vllm:request_success_total{finished_reason="${reason}"} ${count}`;
}

for (const { title, engine, before, after, expected } of rows) {
  test(`${engine}: ${title}`, () => {
    const padding = 'up 1'; // a page is never empty
    expect(between(engine, [padding, ...before], [padding, ...after])).toMatchObject(expected);
  });
}

const ttft = (counts: readonly [number, number, number], labels = '') => [
  '# TYPE vllm:time_to_first_token_seconds histogram',
  `vllm:time_to_first_token_seconds_bucket{${labels}le="0.1"} ${counts[0]}`,
  `vllm:time_to_first_token_seconds_bucket{${labels}le="0.5"} ${counts[1]}`,
  `vllm:time_to_first_token_seconds_bucket{${labels}le="+Inf"} ${counts[2]}`,
  `vllm:time_to_first_token_seconds_sum{${labels}} ${counts[2] / 10}`,
  `vllm:time_to_first_token_seconds_count{${labels}} ${counts[2]}`,
];

test('a histogram tells what came between the two pages, over all ranks', () => {
  const two = (a: [number, number, number], b: [number, number, number]) => [
    ...ttft(a, 'engine="0",'),
    ...ttft(b, 'engine="1",').slice(1),
  ];
  const { ttft_s } = between('vllm', two([90, 100, 100], [0, 0, 0]), two([90, 105, 110], [5, 5, 5]));
  expect(ttft_s).toMatchObject({ count: 15, bounds: [0.1, 0.5], counts: [5, 5, 5], sum: 1.5, mean: 0.1 });
  expect(ttft_s?.p50).toBeCloseTo(0.3, 12);
});

test('a histogram with nothing new has a count of 0 and no quantile', () => {
  expect(between('vllm', ttft([1, 2, 3]), ttft([1, 2, 3])).ttft_s).toMatchObject({ count: 0, mean: null, p95: null });
});

const before = ['process_start_time_seconds 100', 'vllm:prompt_tokens_total 50', 'vllm:num_preemptions_total 7'];
const baselineRows = [
  {
    title: 'a counter that fell',
    after: [before[0], 'vllm:prompt_tokens_total 49', before[2]],
    baseline: 'counter_reset',
  },
  {
    title: 'a new process',
    after: ['process_start_time_seconds 160', before[1], before[2]],
    baseline: 'counter_reset',
  },
  { title: 'another page', after: [...before, 'vllm:generation_tokens_total 1'], baseline: null },
];
for (const { title, after, baseline } of baselineRows) {
  test(`${title} makes the baseline ${JSON.stringify(baseline)}`, () => {
    const snapshot = between('vllm', before, after.map(String));
    expect(snapshot.baseline).toBe(baseline);
    expect(snapshot.preemptions).toBe(baseline === null ? 0 : null);
    expect(snapshot.interval_s).toBe(baseline === null ? 10 : null);
  });
}

test('a series that vanished means the engine started anew', () => {
  const now = ttft([9, 9, 9], 'engine="1",');
  expect(between('vllm', ttft([1, 2, 3], 'engine="0",'), now).baseline).toBe('counter_reset');
});

test('a clock that went back gives a baseline', () => {
  expect(between('vllm', before, before, -1)).toMatchObject({ baseline: 'clock_stepped', prompt_tokens: null });
});

test('the first page gives levels and says what it covers', () => {
  const first = snapshotFrom({ engine: 'vllm', current: scrape(0, ...before, 'vllm:num_requests_waiting 4') });
  expect(first).toMatchObject({
    baseline: 'first',
    taken_at: '2026-01-01T00:00:00.000Z',
    waiting: 4,
    preemptions: null,
  });
  expect(first.coverage.present).toEqual(['waiting', 'preemptions', 'prompt_tokens']);
  expect(first.coverage.absent).toContain('ttft_s');
  expect(snapshotSchema.parse(first)).toEqual(first);
});

test('the page of another engine is named', () => {
  const attempt = () => snapshotFrom({ engine: 'tgi', current: scrape(0, 'vllm:num_requests_running 1') });
  expect(attempt).toThrow(WrongEngineError);
  expect(attempt).toThrow('expected the metrics of tgi (`tgi_…`), got those of vllm');
});

test('a page of no engine is refused', () => {
  expect(() => snapshotFrom({ engine: 'sglang', current: scrape(0, 'node_load1 1') })).toThrow(
    'expected the metrics of sglang (`sglang:…`), got those of no engine that is known here',
  );
});

test('a histogram that is all of a large page is read in many steps', () => {
  const series = Array.from({ length: 8_000 }, (_, at) => ttft([1, 2, 3], `engine="${at}",`)).flat();
  const [previous, current] = [scrape(0, ...series), scrape(10, ...series)];
  const steps = takingSnapshot({ engine: 'vllm', previous, current });
  let taken = 0;
  while (steps.next().done !== true) taken += 1;
  expect(taken).toBeGreaterThan((2 * 3 * 8_000) / 1_000); // both pages, a thousand buckets at a time
});
