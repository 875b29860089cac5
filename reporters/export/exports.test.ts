import { expect } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { HistogramLogReader } from 'hdr-histogram-js';
import { addAgain, noteLookupFailure, peerOf } from '../../load/measure/network.ts';
import { anyCharacter } from '../../testing/any-character.ts';
import { test } from '../../testing/plain-test.ts';
import { recordRun, reportedRun, type SampleRequest } from '../../testing/recorded-run.ts';
import { sampleExtras } from '../../testing/sample-extras.ts';
import { csvRows } from './csv-rows.ts';
import { csvColumns, csvSeries } from './csv-series.ts';
import { cumulativeCounts, durationBoundsSec } from './duration-buckets.ts';
import { hdrLog } from './hdr-log.ts';
import { otlpRequests } from './otlp-metrics.ts';
import { resourceAttributes } from './otlp-resource.ts';
import { prometheusText } from './prometheus-text.ts';

const requests: SampleRequest[] = [
  { path: '/a', ms: 1 },
  { path: '/a', ms: 20, atMs: 100 },
  { path: '/a', ms: 300, atMs: 1_200 },
  { path: '/b', ms: 4, atMs: 1_300, status: 503 },
];
const run = reportedRun(recordRun({ requests }), { title: ['a.spec.ts', 'all, "of" it'] });

test('a CSV has a row for each second, endpoint and tag, and leaves empty what was not measured', () => {
  const generator = [{ second: 1, elu: 0.5, cpuPercent: 40 }];
  const data = recordRun({ requests, segment: { generator } });
  const row = data.endpoints.get('GET /b');
  if (row !== undefined) data.tags.set('tenant="a"', row);
  data.resources.push({ name: 'server', pid: 1, cores: 2, samples: [{ atMs: 1_500, rssMb: 80, phase: 'load' }] });
  const tagged = reportedRun(data, { title: ['a.spec.ts', 'all, "of" it'], tags: ['@smoke', '@api'] });
  const at = (second: number, cells: string) =>
    `2026-01-01T00:00:0${second}.000Z,load,"a.spec.ts › all, ""of"" it",smoke api,${cells}`;
  expect(csvSeries([tagged]).split('\r\n')).toEqual([
    csvColumns.join(','),
    at(0, '*,,0,2,0,2,2,0,1,0,10.5,1.004,20.063,20.063,20.063,,,,,,,,'),
    at(1, '*,,1,2,0,2,1,1,1,0,300,301,301,301,301,0.5,40,80,,,,,'),
    at(0, 'GET /a,,0,,,,2,0,,,10.5,1.004,20.063,20.063,20.063,,,,,,,,'),
    at(1, 'GET /a,,1,,,,1,0,,,300,301,301,301,301,,,,,,,,'),
    at(1, 'GET /b,,1,,,,0,1,,,,,,,,,,,,,,,'),
    at(1, '*,"tenant=""a""",1,,,,0,1,,,,,,,,,,,,,,,'),
    '',
  ]);
});

test('a CSV tells events and messages of the second in which they came, and when no request ended', () => {
  const data = recordRun({ requests });
  const row = data.endpoints.get('GET /b');
  const { stream, socket } = sampleExtras();
  if (row !== undefined) Object.assign(row, { stream, socket });
  const [head = [], ...rows] = parse(csvSeries([reportedRun(data)]));
  const column = (name: string) => head.indexOf(name);
  const cells = rows.map((cell) =>
    ['endpoint', 'second', 'ok', 'events', 'tokens', 'messages_sent', 'messages_received'].map(
      (name) => cell[column(name)],
    ),
  );
  const of = (name: string) => cells.filter(([endpoint]) => endpoint === name).map(([, ...rest]) => rest.join(' '));
  expect(of('GET /b').slice(0, 3)).toEqual(['0 0 10 10 10 30', '1 0 10 10 10 30', '2 0 10 10 10 30']);
  expect(of('GET /b').slice(-1)).toEqual(['19 0 10 10  ']);
  expect(of('*').slice(0, 2)).toEqual(['0 2 10 10 10 30', '1 1 10 10 10 30']);
  expect(of('GET /a')).toEqual(['0 2    ', '1 1    ']);
});

test('property: a CSV is read back cell for cell, and none is calculated', () => {
  const text = fc.oneof(
    fc.constantFrom('=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', 'a,b', '"', '""', 'x\r\ny', ''),
    fc.string({ unit: anyCharacter, maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (rows) => {
      const read = parse(csvRows([['a', 'b'], ...rows]), { skip_empty_lines: false, record_delimiter: '\r\n' });
      const inert = rows.flat().map((cell) => (/^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell));
      expect(read.slice(1).flat()).toEqual(inert);
    }),
  );
});

test('a CSV cell that a spreadsheet would calculate is text', () => {
  const names = { title: ['=HYPERLINK("http://x")'], tags: ['@=1+1'], project: '-2' };
  const formula = reportedRun(recordRun({ requests: [{ path: '/', name: '@SUM(A1)', ms: 1 }] }), names);
  const cells = parse(csvSeries([formula]))
    .slice(1)
    .flat();
  expect(cells.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
  expect(cells).toContain("'@SUM(A1)");
});

test('an HdrHistogram log reads back with every latency', () => {
  const reader = new HistogramLogReader(hdrLog([run]));
  const intervals = [];
  for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
    intervals.push({ tag: next.tag, count: next.totalCount, max: next.maxValue, startMs: next.startTimeStampMsec });
  }
  const startMs = Date.UTC(2026, 0, 1);
  expect(intervals).toEqual([
    { tag: 'load/a.spec.ts_›_all_"of"_it/GET_/a', count: 3, max: 300_031, startMs },
    { tag: 'load/a.spec.ts_›_all_"of"_it/GET_/b/failures', count: 1, max: 4_001, startMs },
  ]);
});

test('tags of requests are families of their own, in Prometheus and OTLP', () => {
  const data = recordRun({ requests });
  const row = data.endpoints.get('GET /a');
  if (row !== undefined) data.tags.set('tenant="a"', row);
  const tagged = reportedRun(data, { title: ['a.spec.ts', 'all'] });
  const text = prometheusText({ runs: [tagged] });
  const labels = '{project="load",run="a.spec.ts › all",tag="tenant=\\"a\\""';
  expect(text).toContain(`playload_tagged_requests_total${labels},outcome="ok"} 3`);
  expect(text).toContain(`playload_tagged_request_duration_seconds_count${labels}} 3`);
  const otlp = JSON.stringify(otlpRequests({ runs: [tagged] }));
  expect(otlp).toContain('"playload.tagged.requests"');
  expect(otlp).toContain('{"key":"playload.tag","value":{"stringValue":"tenant=\\"a\\""}}');
  expect(prometheusText({ runs: [run] })).not.toContain('tagged');
});

test('OTLP has method and template of a path, and the whole name of anything else', () => {
  const names = ['GET /a/:id', 'POST /graphql query Orders', 'GET things'];
  const named = reportedRun(recordRun({ requests: names.map((name) => ({ path: '/', name, ms: 1 })) }));
  const attributes = [
    ...JSON.stringify(otlpRequests({ runs: [named] })).matchAll(/"key":"([\w.]+)","value":\{"stringValue":"([^"]+)"/g),
  ]
    .map(([, key = '', value = '']) => `${key}: ${value}`)
    .filter((pair) => /^(?:http\.request\.method|url\.template|playload\.endpoint)/.test(pair));
  expect([...new Set(attributes)]).toEqual([
    'http.request.method: GET',
    'url.template: /a/:id',
    'playload.endpoint: POST /graphql query Orders',
    'playload.endpoint: GET things',
  ]);
});

test('Prometheus buckets count up to the total, labels are escaped', () => {
  const lines = prometheusText({ runs: [run] }).split('\n');
  const labels = 'project="load",run="a.spec.ts › all, \\"of\\" it",endpoint="GET /a"';
  const durations = lines.filter(
    (line) => line.startsWith('http_client_request_duration_seconds') && line.includes(labels),
  );
  expect(durations.slice(-3)).toEqual([
    `http_client_request_duration_seconds_bucket{${labels},le="+Inf"} 3`,
    `http_client_request_duration_seconds_sum{${labels}} 0.321`,
    `http_client_request_duration_seconds_count{${labels}} 3`,
  ]);
  expect(durations).toContain(`http_client_request_duration_seconds_bucket{${labels},le="0.025"} 2`);
  expect(lines).toContain(
    'playload_requests_total{project="load",run="a.spec.ts › all, \\"of\\" it",endpoint="GET /b",outcome="failed"} 1',
  );
  expect(lines).toContain(
    'playload_errors_total{project="load",run="a.spec.ts › all, \\"of\\" it",endpoint="GET /b",error_type="HTTP 503"} 1',
  );
  expect(lines.filter((line) => line !== '' && !/^(# (HELP|TYPE) \w+ .+|\w+\{.*\} \d+(\.\d+)?)$/.test(line))).toEqual(
    [],
  );
});

test('OTLP points hold their buckets, their sum and the names of the conventions', () => {
  const [duration] = metricsOf(otlpRequests({ runs: [run] }));
  const points = (duration?.histogram?.dataPoints ?? []).filter(({ attributes }) =>
    JSON.stringify(attributes).includes('"/a"'),
  );
  const point = points.at(-1);
  expect(duration).toMatchObject({ name: 'http.client.request.duration', unit: 's' });
  expect(points.map(({ count }) => count)).toEqual(['2', ...Array.from({ length: 9 }, () => '3')]); // 10 s, one each
  expect(point).toMatchObject({
    count: '3',
    sum: 0.321,
    min: 0.001,
    max: 0.3,
    startTimeUnixNano: '1767225600000000000',
    timeUnixNano: '1767225610000000000',
  });
  expect(point?.bucketCounts.reduce((sum, count) => sum + Number(count), 0)).toBe(3);
  expect(point?.bucketCounts).toHaveLength(durationBoundsSec.length + 1);
  expect(point?.attributes).toContainEqual({ key: 'http.request.method', value: { stringValue: 'GET' } });
  expect(point?.attributes).toContainEqual({ key: 'url.template', value: { stringValue: '/a' } });
  expect(JSON.stringify(otlpRequests({ runs: [run] }))).toContain('{"key":"error.type","value":{"stringValue":"503"}}');
});

test('a run that measured nothing exports no latency', () => {
  const nothing = reportedRun(recordRun({ requests: [] }));
  expect(csvSeries([nothing]).split('\r\n')).toHaveLength(2);
  expect(prometheusText({ runs: [nothing] })).not.toContain('_bucket');
  const names = metricsOf(otlpRequests({ runs: [nothing] })).map(({ name }) => name);
  expect(names).toContain('playload.verdict');
  expect(names).not.toContain('http.client.request.duration');
});

test('what the connections went through is exported, by host and address', () => {
  const data = recordRun({ requests });
  addAgain(data.network, { staleConnections: 2, waits: 3, waitedMs: 3_000 });
  noteLookupFailure(data.network, { name: 'api.test', sample: 'getaddrinfo EAI_AGAIN api.test', count: 4 });
  Object.assign(peerOf(data.network, 'api.test:80', '10.0.0.1'), { connections: 5, requests: 60, failedConnects: 1 });
  Object.assign(peerOf(data.network, 'api.test:80', '10.0.0.2'), { connections: 1, requests: 7, failedConnects: 0 });
  const exported = reportedRun(data, { title: ['a.spec.ts', 'all'] });
  const labels = 'project="load",run="a.spec.ts › all"';
  const at = (address: string) => `{${labels},host="api.test:80",address="${address}"}`;
  const lines = prometheusText({ runs: [exported] }).split('\n');
  expect(lines.filter((line) => /^playload_(?:resent|retry|lookup|peer)/.test(line))).toEqual([
    `playload_resent_requests_total{${labels}} 2`,
    `playload_retry_after_total{${labels}} 3`,
    `playload_lookup_failures_total{${labels},host="api.test"} 4`,
    `playload_peer_requests_total${at('10.0.0.1')} 60`,
    `playload_peer_requests_total${at('10.0.0.2')} 7`,
    `playload_peer_connections_total${at('10.0.0.1')} 5`,
    `playload_peer_connections_total${at('10.0.0.2')} 1`,
    `playload_peer_failed_connects_total${at('10.0.0.1')} 1`,
    `playload_peer_failed_connects_total${at('10.0.0.2')} 0`,
  ]);
  const network = metricsOf(otlpRequests({ runs: [exported] })).filter(({ name }) =>
    /resent|retry|lookup|peer/.test(name),
  );
  expect(network.map(({ name, sum }) => [name, ...(sum?.dataPoints ?? []).map(({ asInt }) => asInt)])).toEqual([
    ['playload.resent_requests', '2'],
    ['playload.retry_after', '3'],
    ['playload.lookup_failures', '4'],
    ['playload.peer.requests', '60', '7'],
    ['playload.peer.connections', '5', '1'],
    ['playload.peer.failed_connects', '1', '0'],
  ]);
  expect(JSON.stringify(network)).toContain('{"key":"network.peer.address","value":{"stringValue":"10.0.0.2"}}');
});

test('a latency on a bound belongs to the bucket below it', () => {
  const data = recordRun({ requests: [{ path: '/a', ms: 1 }] });
  const [endpoint] = data.endpoints.values();
  const counts = endpoint === undefined ? [] : cumulativeCounts(endpoint.service);
  expect(counts.map((count, at) => [durationBoundsSec[at], count]).find(([, count]) => count === 1)).toEqual([
    0.001, 1,
  ]);
});

interface Metric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly { readonly asInt: string }[] };
  readonly histogram?: {
    readonly dataPoints: readonly {
      readonly count: string;
      readonly bucketCounts: readonly string[];
      readonly attributes: readonly unknown[];
    }[];
  };
}

function metricsOf(requests: readonly unknown[]): readonly Metric[] {
  return (requests as { resourceMetrics: { scopeMetrics: { metrics: Metric[] }[] }[] }[]).flatMap(
    ({ resourceMetrics }) =>
      resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics)),
  );
}

const places: readonly { readonly env: Record<string, string>; readonly told: Record<string, string> }[] = [
  {
    env: { JENKINS_URL: 'x', JOB_NAME: 'load', BUILD_NUMBER: '7', BUILD_URL: 'https://u:secretpass@j.test/7' },
    told: { pipeline: 'load', id: '7', url: 'https://***@j.test/7', task: 'load' },
  },
  {
    env: { JENKINS_URL: 'x', BUILD_URL: 'javascript:alert(1)', JOB_NAME: 'a\u001b[31mb' },
    told: { pipeline: 'ab', task: 'ab' },
  },
  {
    env: { TF_BUILD: 'True', BUILD_SOURCEBRANCH: 'refs/heads/feature/a', BUILD_SOURCEBRANCHNAME: 'a' },
    told: { branch: 'feature/a' },
  },
  {
    env: {
      ...{ GITLAB_CI: 'true', CI_COMMIT_REF_NAME: 'refs/merge-requests/7/head' },
      ...{
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'fix',
        CI_PIPELINE_URL: 'https://g.test/p',
        CI_JOB_URL: 'https://g.test/j',
      },
    },
    told: { branch: 'fix', url: 'https://g.test/p' },
  },
  {
    env: {
      BUILDKITE: 'true',
      JENKINS_URL: 'x',
      BUILDKITE_BRANCH: 'b',
      BRANCH_NAME: 'j',
      BUILDKITE_BUILD_URL: 'https://b.test/1',
    },
    told: { branch: 'j' },
  },
];
for (const { env, told } of places)
  test(`${JSON.stringify(env).slice(0, 80)} is of the resource ${JSON.stringify(told)}`, () => {
    const { branch, pipeline, id, url, task } = told;
    const names = {
      ...{ 'service.name': 'playload', 'vcs.ref.head.name': branch, 'cicd.pipeline.name': pipeline },
      ...{ 'cicd.pipeline.run.id': id, 'cicd.pipeline.run.url.full': url, 'cicd.pipeline.task.name': task },
    };
    expect(resourceAttributes({}, env)).toEqual(
      Object.entries(names).flatMap(([key, stringValue]) =>
        stringValue === undefined ? [] : [{ key, value: { stringValue } }],
      ),
    );
  });
