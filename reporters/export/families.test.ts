import { expect } from '@playwright/test';
import fc from 'fast-check';
import type { RunData } from '../../load/measure/run-data.ts';
import { anyRunData } from '../../testing/any-run-data.ts';
import { asCollectorReads } from '../../testing/otlp-schema.ts';
import { sampleReport, sampleRun } from '../../testing/page-run.ts';
import { test } from '../../testing/plain-test.ts';
import { withExtras } from '../../testing/sample-extras.ts';
import { recordRun, reportedRun } from '../../testing/recorded-run.ts';
import type { ReportedRun } from '../reported-run.ts';
import { familiesOf } from './families.ts';
import { flatSeries } from './flat-series.ts';
import type { Family } from './metric-family.ts';
import { mostPointsOfRequest, otlpRequests } from './otlp-metrics.ts';

const seriesOf = (families: readonly Family[]) => families.flatMap((family) => flatSeries(family, {}));

/** What Prometheus, or a collector, would find fault with. */
function faultsOf(families: readonly Family[], startMs: number): string[] {
  const seen = new Set<string>();
  const names = families.map(({ name }) => name);
  const faults = names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name} is there twice`);
  for (const { name, labels, points } of seriesOf(families)) {
    const key = JSON.stringify([name, Object.entries(labels).sort()]);
    if (seen.has(key)) faults.push(`${key} is there twice`);
    seen.add(key);
    const isGauge = families.some((family) => family.type === 'gauge' && family.name === name);
    points.forEach(({ atMs, value }, at) => {
      if (atMs < startMs) faults.push(`${key} is of ${new Date(atMs).toISOString()}`);
      const before = points[at - 1];
      if (!Number.isFinite(value)) faults.push(`${key} has ${value}`);
      if (before !== undefined && before.atMs >= atMs) faults.push(`${key} goes back in time`);
      if (!isGauge && before !== undefined && before.value > value) faults.push(`${key} falls`);
    });
    if (points.length === 0) faults.push(`${key} has no point`);
    if (points.length > 241) faults.push(`${key} has ${points.length} points`);
  }
  return faults;
}

/** As a test says it where no generator does. */
function startedAt(run: ReportedRun, at: string): ReportedRun {
  return run.data.segments.length > 0 ? run : { ...run, summary: { ...run.summary, startedAt: at } };
}

const samples: Readonly<Record<string, RunData>> = {
  'an open run': sampleRun({ seconds: 30 }),
  'a closed run': sampleRun({ seconds: 8, model: 'closed', warmUpSeconds: 0 }),
  'a long run': sampleRun({ seconds: 1_300, perSecond: 1 }),
  'a run of nothing': recordRun({ requests: [] }),
  'a run of no time': recordRun({ requests: [{ path: '/', ms: 1 }], segment: { durationMs: 0 } }),
  'a run without segments': { ...recordRun({ requests: [] }), segments: [] },
};
for (const [what, data] of Object.entries(samples)) {
  const run = startedAt(sampleReport(data), '2026-01-01T00:00:00.000Z');
  const families = familiesOf({ runs: [run, run] });

  test(`${what}: series are whole, distinct, and go forward`, () => {
    expect(faultsOf(families, Date.parse(run.summary.startedAt))).toEqual([]);
  });

  test(`${what}: a series ends with what the summary says`, () => {
    const { summary } = run;
    const last = (name: string, part: Readonly<Record<string, string>>) =>
      seriesOf(families)
        .filter((series) => series.name === name && !series.labels['run']?.endsWith('(2)'))
        .filter(({ labels }) => Object.entries(part).every(([key, text]) => labels[key] === text))
        .map(({ points }) => points.at(-1)?.value);
    for (const { name, requests, serviceMs, responseMs } of summary.endpoints) {
      const { count } = responseMs ?? serviceMs ?? {};
      if (count !== undefined)
        expect(last('http_client_request_duration_seconds_count', { endpoint: name })).toEqual([count]);
      for (const outcome of ['ok', 'failed', 'timedOut'] as const)
        expect(last('playload_requests_total', { endpoint: name, outcome })).toEqual([requests[outcome]]);
    }
    expect(last('playload_requests_total', { outcome: 'dropped' })).toEqual([summary.requests.dropped]);
    expect(last('playload_run_verdict', { verdict: summary.verdict })).toEqual([1]);
  });

  test(`${what}: a collector reads each OTLP request as it is`, () => {
    const requests = otlpRequests({ runs: [run], environment: { commit: '0123', branch: 'main' }, env: {} });
    expect(requests.map(asCollectorReads)).toEqual(requests);
    for (const request of requests)
      expect([...JSON.stringify(request).matchAll(/"timeUnixNano"/g)].length).toBeLessThanOrEqual(mostPointsOfRequest);
  });
}

test('property: whatever a run holds, its series are distinct and go forward', () => {
  fc.assert(
    fc.property(anyRunData, (data) => {
      const run = reportedRun(data);
      expect(faultsOf(familiesOf({ runs: [run, run] }), Date.parse(run.summary.startedAt))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('everything that a run measured has a family', () => {
  const names = familiesOf({ runs: [sampleReport(sampleRun({ seconds: 10 }))] }).map(({ name }) => name);
  expect(names).toEqual([
    'http_client_request_duration_seconds',
    'playload_requests',
    'playload_responses',
    'playload_errors',
    'playload_failures',
    'playload_latency_seconds',
    'playload_throughput_per_second',
    'playload_success_ratio',
    'playload_iterations',
    'playload_checks',
    'playload_groups',
    'playload_group_duration_seconds',
    'playload_custom_count',
    'playload_custom_value',
    'playload_custom_ratio',
    'playload_custom_trend',
    'playload_users',
    'playload_requests_in_flight',
    'playload_process_resident_memory_bytes',
    'playload_process_cpu_ratio',
    'playload_generator_event_loop_ratio',
    'playload_generator_cpu_ratio',
    'playload_run_verdict',
    'playload_run_duration_seconds',
    'playload_run_info',
    'playload_threshold_met',
  ]);
});

test('streams, tokens, sockets and server timing have families, which end with what the summary says', () => {
  const run = sampleReport(withExtras(sampleRun({ seconds: 30 })));
  const families = familiesOf({ runs: [run] });
  expect(faultsOf(families, Date.parse(run.summary.startedAt))).toEqual([]);
  const known = new Set(familiesOf({ runs: [sampleReport(sampleRun({ seconds: 30 }))] }).map(({ name }) => name));
  const ofAll = ['endpoint', 'project', 'run'];
  const ends = seriesOf(families.filter(({ name }) => !known.has(name)))
    .filter(({ name }) => !name.endsWith('_bucket') && !name.endsWith('_sum'))
    .map(({ name, labels, points }) => {
      const own = Object.entries(labels).flatMap(([label, text]) => (ofAll.includes(label) ? [] : [text]));
      return [name, ...own, points.at(-1)?.value].join(' ');
    });
  expect(ends).toEqual([
    'playload_streams_total 20',
    ...['cut 2', 'stalled 1', 'empty 0', 'left 1'].map((each) => `playload_stream_endings_total ${each}`),
    'playload_stream_reconnects_total 3',
    'playload_stream_events_total 200',
    'playload_stream_tokens_total 200',
    ...['first_event', 'gap', 'duration', 'time_to_first_token', 'inter_token_latency', 'time_per_output_token'].map(
      (time) => `playload_stream_${time}_seconds_count 20`,
    ),
    'gen_ai_client_operation_time_to_first_chunk_seconds_count 20',
    'gen_ai_client_operation_time_per_output_chunk_seconds_count 20',
    'playload_sockets_total 5',
    'playload_socket_messages_total sent 100',
    'playload_socket_messages_total received 300',
    'playload_socket_message_bytes_total sent 1000',
    'playload_socket_message_bytes_total received 3000',
    'playload_socket_closes_total 1000 4',
    'playload_socket_closes_total 1006 1',
    'playload_socket_abnormal_closes_total 1',
    'playload_socket_open_seconds_count 1',
    'playload_server_timing_seconds_count db 100',
  ]);
  const events = seriesOf(families).find(({ name }) => name === 'playload_stream_events_total');
  expect(events?.points.slice(0, 4).map(({ value }) => value)).toEqual([0, 10, 20, 30]);
});

test('many runs of many endpoints are told in coarser points, and no more of them', () => {
  const one = sampleReport(sampleRun({ seconds: 600, perSecond: 2 }));
  const runs = Array.from({ length: 64 }, (_, at) => ({
    ...one,
    summary: { ...one.summary, title: ['many.spec.ts', `run ${at}`] },
  }));
  const [durations] = familiesOf({ runs });
  const points = durations?.series.reduce((sum, { points: own }) => sum + own.length, 0);
  expect(points).toBeGreaterThan(7_000);
  expect(points).toBeLessThanOrEqual(20_000);
});
