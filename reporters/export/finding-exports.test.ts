import { expect } from '@playwright/test';
import { findingOrder } from '../../load/measure/finding.ts';
import { test } from '../../testing/plain-test.ts';
import { recordRun, reportedRun } from '../../testing/recorded-run.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import { csvFindings, findingsPath } from './csv-findings.ts';
import { exportedFigures } from './finding-labels.ts';
import { openMetricsText } from './open-metrics.ts';
import { otlpRequests } from './otlp-metrics.ts';
import { prometheusText } from './prometheus-text.ts';

const finding = sampleFindingSummary({
  name: 'the "list"',
  verdict: 'failed',
  sentence: '=1+1, they say',
  figures: { sustained: 198, p95Ms: 87, isFlat: true, limitedBy: 'latency' },
});
const labels = 'project="stress",test="stress.spec.ts › where it breaks",kind="breaking-point",name="the \\"list\\""';

const figures = [
  { name: 'sustained', value: 198, exported: ['sustained', '', '1', 198] },
  { name: 'p95Ms', value: 87, exported: ['p95', 'seconds', 's', 0.087] },
  { name: 'stressMinutes', value: 1.5, exported: ['stress', 'seconds', 's', 90] },
  { name: 'backAfterSeconds', value: 4, exported: ['back_after', 'seconds', 's', 4] },
  { name: 'growthMb', value: 2, exported: ['growth', 'bytes', 'By', 2_097_152] },
  { name: 'slopeMbPerMin', value: 3, exported: ['slope', 'bytes_per_second', 'By/s', 52_428.8] },
  { name: 'handlesSlopePerMin', value: 3, exported: ['handles_slope', 'per_second', '1/s', 0.05] },
  { name: 'growthMbPer1000Requests', value: 1, exported: ['growth', 'bytes_per_request', 'By/{request}', 1_048.576] },
  { name: 'growthPer1000Requests', value: 2, exported: ['growth', 'per_request', '1/{request}', 0.002] },
  { name: 'changePercent', value: -34, exported: ['change', 'ratio', '1', -0.34] },
  { name: 'cpuResidualPoints', value: 5, exported: ['cpu_residual', 'ratio', '1', 0.05] },
  { name: 'errorShare', value: 0.5, exported: ['error', 'ratio', '1', 0.5] },
  { name: 'uslPeakPerSec', value: 240, exported: ['usl_peak', 'per_second', '{request}/s', 240] },
  { name: 'sustainedUsers', value: 50, exported: ['sustained', 'users', '{user}', 50] },
  { name: 'isFlat', value: false, exported: ['is_flat', '', '1', 0] },
  { name: 'größe', value: 1, exported: ['gr_e', '', '1', 1] },
  { name: '日本', value: 1, exported: ['_', '', '1', 1] },
];
for (const { name, value, exported } of figures) {
  test(`the figure \`${name}\` of ${String(value)} is exported as ${JSON.stringify(exported)}`, () => {
    expect(
      exportedFigures({ figures: { [name]: value } }).map((figure) => [
        figure.name,
        figure.unit.suffix,
        figure.unit.ucum,
        figure.value,
      ]),
    ).toEqual([exported]);
  });
}

test('a text is no figure of a time series', () => {
  expect(exportedFigures({ figures: { limitedBy: 'latency' } })).toEqual([]);
});

test('Prometheus has a gauge for each figure and one for the verdict, and each name once', () => {
  const other = sampleFindingSummary({ figures: { sustained: 7 }, verdict: 'passed' });
  const text = prometheusText({ runs: [], findings: [finding, other] });
  const lines = text.split('\n');
  expect(lines.slice(0, 10)).toEqual([
    '# HELP playload_finding_sustained A figure of a finding.',
    '# TYPE playload_finding_sustained gauge',
    `playload_finding_sustained{${labels}} 198`,
    'playload_finding_sustained{project="stress",test="stress.spec.ts › where it breaks",kind="breaking-point"} 7',
    '# HELP playload_finding_p95_seconds A figure of a finding.',
    '# TYPE playload_finding_p95_seconds gauge',
    `playload_finding_p95_seconds{${labels}} 0.087`,
    '# HELP playload_finding_is_flat A figure of a finding.',
    '# TYPE playload_finding_is_flat gauge',
    `playload_finding_is_flat{${labels}} 1`,
  ]);
  expect(lines).toContain(`playload_finding_verdict{${labels},verdict="failed"} 1`);
  expect(lines).toContain(`playload_finding_verdict{${labels},verdict="passed"} 0`);
  const types = lines.filter((line) => line.startsWith('# TYPE'));
  expect(new Set(types).size).toBe(types.length);
  expect(lines.filter((line) => line !== '' && !/^(# (HELP|TYPE) \w+ .+|\w+\{.*\} \d+(\.\d+)?)$/.test(line))).toEqual(
    [],
  );
});

test('two findings of one kind, test and name are two series', () => {
  const samples = prometheusText({ runs: [], findings: [finding, finding] })
    .split('\n')
    .filter((line) => line.startsWith('playload_'));
  expect(new Set(samples.map((line) => line.replace(/ \S+$/, ''))).size).toBe(samples.length);
  expect(csvFindings([sampleFindingSummary(), sampleFindingSummary()])).toContain('breaking-point,(2),measured');
});

test('OTLP has the same, with the unit beside the name and the time of its last run', () => {
  const run = reportedRun(recordRun()); // 10 s from the first moment of 2026
  const sent = otlpRequests({ runs: [run], findings: [{ ...finding, runs: [0] }] }) as {
    resourceMetrics: {
      scopeMetrics: { metrics: { name: string; unit: string; gauge?: { dataPoints: Record<string, unknown>[] } }[] }[];
    }[];
  }[];
  const all = sent.flatMap(({ resourceMetrics }) => resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics));
  const own = all.flatMap(({ metrics }) => metrics).filter(({ name }) => name.includes('finding'));
  expect(
    own.map(({ name, unit, gauge }) => [name, unit, gauge?.dataPoints.map(({ asDouble, asInt }) => asDouble ?? asInt)]),
  ).toEqual([
    ['playload.finding.sustained', '1', [198]],
    ['playload.finding.p95', 's', [0.087]],
    ['playload.finding.is_flat', '1', [1]],
    ['playload.finding.verdict', '1', findingOrder.map((verdict) => (verdict === 'failed' ? 1 : 0))],
  ]);
  expect(own[0]?.gauge?.dataPoints[0]).toEqual({
    timeUnixNano: `${BigInt(Date.UTC(2026, 0, 1) + 10_000) * 1_000_000n}`,
    attributes: [
      { key: 'playload.project', value: { stringValue: 'stress' } },
      { key: 'playload.test', value: { stringValue: 'stress.spec.ts › where it breaks' } },
      { key: 'playload.finding.kind', value: { stringValue: 'breaking-point' } },
      { key: 'playload.finding.name', value: { stringValue: 'the "list"' } },
    ],
    asDouble: 198,
  });
  expect(JSON.stringify(own)).toContain('{"key":"playload.verdict","value":{"stringValue":"failed"}}');
});

test('without findings no surface of theirs is there', () => {
  expect(prometheusText({ runs: [] })).toBe('');
  expect(JSON.stringify(otlpRequests({ runs: [reportedRun(recordRun())] }))).not.toContain('finding');
});

test('a finding that rests on no run is of the day of its command', () => {
  const exported = { runs: [], findings: [{ ...finding, runs: [] }], startedAt: '2026-01-01T00:00:00.000Z' };
  const moments = openMetricsText(exported).matchAll(/ ([\d.]+)$/gm);
  expect([...new Set([...moments].map(([, moment]) => moment))]).toEqual([String(Date.UTC(2026, 0, 1) / 1_000)]);
});

test('a CSV has a row for each figure, texts too, and one for a finding without any', () => {
  const bare = sampleFindingSummary({ figures: {}, verdict: 'inconclusive', sentence: 'too few' });
  const head = 'stress,stress.spec.ts › where it breaks,breaking-point';
  expect(csvFindings([finding, bare]).split('\r\n')).toEqual([
    'project,test,kind,name,verdict,sentence,figure,value',
    `${head},"the ""list""",failed,"'=1+1, they say",sustained,198`,
    `${head},"the ""list""",failed,"'=1+1, they say",p95Ms,87`,
    `${head},"the ""list""",failed,"'=1+1, they say",isFlat,true`,
    `${head},"the ""list""",failed,"'=1+1, they say",limitedBy,latency`,
    `${head},,inconclusive,too few,,`,
    '',
  ]);
});

for (const [path, own] of [
  ['/out/series.csv', '/out/series.findings.csv'],
  ['/out/a.CSV', '/out/a.findings.csv'],
  ['/out/table', '/out/table.findings.csv'],
] as const) {
  test(`beside ${path} stands ${own}`, () => {
    expect(findingsPath(path)).toBe(own);
  });
}
