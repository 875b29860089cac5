import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { atMost, recordRun, reportedRun, type SampleRequest, summaryOfRuns } from '../../testing/recorded-run.ts';
import { emptyGroup } from '../../load/measure/group-data.ts';
import type { FindingSummary } from '../../load/measure/summary.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import type { ReportedRun } from '../reported-run.ts';
import { columnsOf } from '../words/plain-text.ts';
import { colourPaint, plainPaint } from './paint.ts';
import { renderSummary } from './summary-lines.ts';

const green = reportedRun(recordRun({ thresholds: [atMost('p95', 200), atMost('max', 500)] }));

const mixed: SampleRequest[] = [
  ...Array.from({ length: 50 }, (_, n) => ({ path: '/api/v1/health', ms: n + 1, atMs: n * 100 })),
  { path: '/api/v1/config', ms: 80, status: 503 },
  { path: '/api/v1/config', ms: 3, status: undefined },
];
const red = reportedRun(
  recordRun({
    requests: mixed,
    thresholds: [atMost('p95', 40), atMost('mean', 20, 60), atMost('max', 500)],
    checks: [
      ['accepted', true],
      ['accepted', false],
    ],
  }),
  { title: ['load.spec.ts', 'mixed requests'] },
);

function shown(runs: readonly ReportedRun[], width: number, detail: 'auto' | 'full' | 'compact' = 'auto'): string[] {
  const summary = summaryOfRuns(runs);
  return renderSummary(
    { runs, summary, files: ['load-results/summary.json'], detail },
    { width, paint: plainPaint },
  ).split('\n');
}

test('many green runs are a row each, and marked where the count carries no percentile', () => {
  const lines = shown(
    Array.from({ length: 21 }, () => green),
    80,
  );
  expect(lines.slice(0, 4)).toEqual([
    '',
    '   run                                  rate     ok      p50       p95       p99',
    '✓  health answers 1…ts, 20 at a time  10.0/s  100 %  50.0 ms  ~95.0 ms  ~99.0 ms',
    '✓  health answers 1…ts, 20 at a time  10.0/s  100 %  50.0 ms  ~95.0 ms  ~99.0 ms',
  ]);
  expect(lines.slice(22)).toEqual([
    '✓  health answers 1…ts, 20 at a time  10.0/s  100 %  50.0 ms  ~95.0 ms  ~99.0 ms',
    '',
    '  ~: a few requests decide it, since fewer than 10 lie beyond it',
    '',
    '─'.repeat(80),
    '✓ passed · 21 load runs: 21 passed · 61.2 s',
    '  load-results/summary.json',
    '',
  ]);
});

test('what users got of an SLO stands beside the generator, and so does what was not steady', () => {
  const told = reportedRun(recordRun(), {
    slos: [{ name: 'checkout', good: 4_935, of: 5_000, share: 0.987, perSec: 493.5 }],
    steadiness: { verdict: 'unsteady', reason: 'p50 rose', accounting: 'it does not add up' },
  });
  for (const detail of ['auto', 'full'] as const)
    expect(shown([told], 80, detail)).toEqual(
      expect.arrayContaining([
        '  goodput    checkout: 98.7 % of 5,000 requests good, 494/s',
        '  steadiness unsteady: p50 rose',
        '  steadiness accounting: it does not add up',
      ]),
    );
});

test('a run that was steady, or too short to tell, has no line for it', () => {
  for (const verdict of ['steady', 'unjudged'] as const) {
    const run = reportedRun(recordRun(), { steadiness: { verdict, reason: 'it was' } });
    expect(shown([run], 80, 'full').join()).not.toContain('steadiness');
  }
});

test('a red run says everything, thresholds first and the worst of them on top', () => {
  expect(shown([red], 80)).toEqual([
    '',
    '✗ failed  load.spec.ts › mixed requests                                   [load]',
    '  100 iterations by 20 users · took 10.0 s',
    '  p95 48.0 ms (limit < 40ms): GET /api/v1/health 48.0 ms, 100 % of its time',
    '  waiting for the first byte; 3 of 5 limits missed',
    '',
    '  thresholds',
    '  ✗ run               p95     48.0 ms  < 40ms',
    '    GET /api/v1/health 48.0 ms, 100 % of its time waiting for the first byte',
    '  ✗ run               failed        2  0, implied',
    '    1 × HTTP 503 and 1 × ECONNRESET on GET /api/v1/config, at 0:00',
    '  ✗ check "accepted"  rate     50.0 %  100%, implied',
    '    1 of 2 did not hold',
    '  ≈ run               mean    25.5 ms  < 20ms (acceptable < 60ms)',
    '    GET /api/v1/health 25.5 ms, 100 % of its time waiting for the first byte',
    '  ✓ run               max     50.0 ms  < 500ms',
    '  ✓ implied: no timedOut, unfinished, idleIterations, exceptions',
    '',
    '  52 requests · 96.2 % ok · 5.00/s · 2 failed · 1 check failed',
    '',
    '  latency   count     mean       p50       p90       p95       p99      max',
    '  service      50  25.5 ms   25.0 ms  ~45.0 ms  ~48.0 ms  ~50.0 ms  50.0 ms',
    '  failures      2  41.5 ms  ~3.00 ms  ~80.0 ms  ~80.0 ms  ~80.0 ms  80.0 ms',
    '',
    '  phase    count     mean      p50       p90       p95       p99      max',
    '  blocked     50     0 ms        –         –         –         –        –',
    '  waiting     50  25.5 ms  25.0 ms  ~45.0 ms  ~48.0 ms  ~50.0 ms  50.0 ms',
    '  in all      50  25.5 ms        –         –         –         –        –',
    '',
    '  endpoint               ok     mean      p50       p95       p99      max',
    '  GET /api/v1/health  100 %  25.5 ms  25.0 ms  ~48.0 ms  ~50.0 ms  50.0 ms',
    '  GET /api/v1/config    0 %        –        –         –         –        –',
    '',
    '  errors',
    '  1 ×  HTTP 503    GET /api/v1/config',
    '      at 0:00 · GET http://127.0.0.1:8002/api/v1/config answered 503',
    '  1 ×  ECONNRESET  GET /api/v1/config',
    '      at 0:00 · socket hang up',
    '',
    '  checks',
    '  ✗ accepted  1 of 2, 50.0 %',
    '',
    '  generator  unjudged',
    '',
    '  ~: a few requests decide it, since fewer than 10 lie beyond it',
    '',
    '─'.repeat(80),
    '✗ failed · 1 load run · 61.2 s',
    '  ✗ load.spec.ts › mixed requests',
    '    p95 48.0 ms (limit < 40ms): GET /api/v1/health 48.0 ms, 100 % of its time',
    '    waiting for the first byte; 3 of 5 limits missed',
    '  load-results/summary.json',
    '',
  ]);
});

test('of many runs the red ones are explained and come first, the green ones are a row, and the end counts both', () => {
  const lines = shown([green, red, green, green], 120);
  expect(lines.filter((line) => line.trim() === 'thresholds')).toHaveLength(1);
  const table = lines.slice(lines.findIndex((line) => /^ +run +rate/.test(line)) + 1);
  expect(table.slice(0, 4).map((line) => line.split('  ')[0])).toEqual(['✗ failed', '✓', '✓', '✓']);
  expect(lines).toContain('✗ failed · 4 load runs: 3 passed, 1 failed · 61.2 s');
});

test('asked for in full, green runs are told in full, and of many there is a table all the same', () => {
  const lines = shown([green, green, green, green], 120, 'full');
  expect(lines.filter((line) => line.trim() === 'thresholds')).toHaveLength(4);
  expect(lines.filter((line) => line.startsWith('✓  health answers'))).toHaveLength(4);
});

test('tests of one title in two files are told apart in the table by their files', () => {
  const other = { ...green, summary: { ...green.summary, title: ['other.spec.ts', ...green.summary.title.slice(1)] } };
  const lines = shown([green, other, red, red], 120);
  expect(lines.filter((line) => /^✓ +(load|other)\.spec\.ts › health/.test(line))).toHaveLength(2);
});

test('a test that runs in several projects is told apart in the table', () => {
  const other = { ...green, summary: { ...green.summary, project: 'eu' } };
  const lines = shown([green, other, red, red], 120, 'compact');
  expect(lines.filter((line) => /^✓ +\[(load|eu)\] › load\.spec/.test(line))).toHaveLength(2);
});

test('who missed a limit is named under it', () => {
  const words = '67 × HTTP 503 and 66 timeouts on GET /mid, from 0:08 to 0:12';
  const [worst, ...others] = red.judgement.thresholds;
  if (worst === undefined) throw new Error('a red run misses a limit');
  const thresholds = [{ ...worst, culprit: { name: 'GET /mid', words } }, ...others];
  const lines = shown([{ ...red, judgement: { ...red.judgement, thresholds } }], 80);
  expect(lines[lines.findIndex((line) => line.trim() === 'thresholds') + 2]).toBe(`    ${words}`);
});

test('a wide terminal shows what a narrow one leaves out', () => {
  expect(shown([red], 120).find((line) => line.startsWith('  endpoint'))).toBe(
    '  endpoint            requests     ok    rate     mean      p50       p90       p95       p99      max',
  );
});

test('an open run shows response time before service time and lag', () => {
  const open = reportedRun(
    recordRun({ plan: { model: 'open', profile: '10/s for 10s' }, thresholds: [atMost('p95', 200)] }),
  );
  const rows = shown([open], 80).filter((line) => /^ {2}(response|service|lag) /.test(line));
  expect(rows).toEqual([
    '  response    100   50.5 ms   50.0 ms   90.0 ms   ~95.0 ms   ~99.0 ms    100 ms',
    '  service     100   50.5 ms   50.0 ms   90.0 ms   ~95.0 ms   ~99.0 ms    100 ms',
    '  lag         100  0.001 ms  0.001 ms  0.001 ms  ~0.001 ms  ~0.001 ms  0.001 ms',
  ]);
});

const groups = [
  {
    what: 'groups that all ended well have no column for others',
    given: [{ name: 'checkout', started: 2, failed: 0, okMs: [10, 10] }],
    lines: [
      '  group     count     mean       p50       p90       p95       p99      max',
      '  checkout      2  10.0 ms  ~10.0 ms  ~10.0 ms  ~10.0 ms  ~10.0 ms  10.0 ms',
    ],
  },
  {
    what: 'a group that always fails has its row, one that was never begun has none',
    given: [
      { name: 'checkout', started: 7, failed: 7, okMs: [] },
      { name: 'visit', started: 2, failed: 1, okMs: [10] },
      { name: 'never', started: 0, failed: 0, okMs: [] },
    ],
    lines: [
      '  group     count  failed     mean       p50       p95       p99      max',
      '  checkout      0       7        –         –         –         –        –',
      '  visit         1       1  10.0 ms  ~10.0 ms  ~10.0 ms  ~10.0 ms  10.0 ms',
    ],
  },
  {
    what: 'a group that the end of the run always cut off has its row',
    given: [{ name: 'wait', started: 3, failed: 0, okMs: [] }],
    lines: [
      '  group  count  unfinished  min  mean  p50  p90  p95  p99  max',
      '  wait       0           3    –     –    –    –    –    –    –',
    ],
  },
];
for (const { what, given, lines } of groups) {
  test(what, () => {
    const data = recordRun();
    for (const { name, started, failed, okMs } of given) {
      const group = { ...emptyGroup(), started, failed };
      for (const ms of okMs) group.durations.recordMs(ms);
      data.groups.set(name, group);
    }
    const all = shown([reportedRun(data)], 80, 'full');
    const at = all.findIndex((line) => line.startsWith('  group'));
    expect(all.slice(at, all.indexOf('', at))).toEqual(lines);
  });
}

test('a run that measured nothing shows no figure it does not have', () => {
  const nothing = shown([reportedRun(recordRun({ requests: [] }))], 80);
  expect(nothing).toContain('  no request came to an end, so nothing was measured');
  expect(nothing).toContain('  0 requests · – ok · –');
  expect(nothing).toContain('  service      –    –     –    –    –    –    –    –');
});

test('generator, server and an acceptable run are told in words', () => {
  const data = recordRun({ thresholds: [atMost('p95', 50, 200)] });
  data.resources.push({
    name: 'server',
    pid: 7,
    cores: 2,
    samples: [
      { atMs: -1_000, rssMb: 60, phase: 'baseline' },
      { atMs: 0, rssMb: 60, phase: 'load' },
      { atMs: 1_000, rssMb: 81, cpuPercent: 55, phase: 'load' },
      { atMs: 2_000, rssMb: 74, cpuPercent: 1, phase: 'after' },
    ],
  });
  const generator = {
    verdict: 'suspect',
    eluMean: 0.75,
    cpuPercent: 80,
    lagP99Ms: 1.4,
    reason: 'close to its limit',
  } as const;
  const lines = shown([reportedRun(data, { generator })], 80);
  expect(lines.filter((line) => /^ {2}(generator| {11}|server)/.test(line))).toEqual([
    '  generator  suspect · event loop 75.0 % · CPU 80.0 % · lag p99 1.40 ms',
    '             close to its limit',
    '  server     CPU 55.0 % mean, 55.0 % peak · memory 60.0 MB idle, 81.0 MB peak,',
    '             74.0 MB after',
  ]);
  expect(lines).toContain('≈ acceptable · 1 load run · 61.2 s');
});

const long = 'x'.repeat(10_000);
const titles = [
  { what: '10,000 characters', title: long },
  { what: 'control sequences', title: '\u001b[2J\u001b[31mred\u0007' },
  { what: 'emoji and ideographs', title: '👩‍👩‍👧 日本語'.repeat(20) },
];
for (const { what, title } of titles) {
  for (const width of [60, 80, 140]) {
    test(`a title with ${what} keeps to ${width} columns and its escapes to itself`, () => {
      const run = reportedRun(
        recordRun({ requests: [{ path: `/${encodeURIComponent(title.slice(0, 200))}`, ms: 1, status: 500 }] }),
        {
          title: ['a.spec.ts', title],
          project: title,
          profile: title,
          reason: title,
        },
      );
      const lines = [...shown([run], width, 'full'), ...shown([run], width, 'compact')];
      expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
      expect(lines.join('')).not.toContain('\u001b');
    });
  }
}

test('with colours the text is the same', () => {
  const summary = summaryOfRuns([red]);
  const coloured = renderSummary(
    { runs: [red], summary, files: [], detail: 'full' },
    { width: 100, paint: colourPaint },
  );
  const plain = renderSummary({ runs: [red], summary, files: [], detail: 'full' }, { width: 100, paint: plainPaint });
  expect(coloured).toContain('\u001b[31m✗\u001b[39m');
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
});

test('what the connections went through is said where it is worth a line', () => {
  const network = {
    staleConnections: 3,
    peers: [
      { host: 'api.test:80', address: '10.0.0.1', connections: 5, requests: 100, failedConnects: 0 },
      { host: 'api.test:80', address: '10.0.0.2', connections: 0, requests: 0, failedConnects: 0 },
    ],
  };
  const lines = shown([reportedRun(recordRun(), { network })], 120);
  const at = lines.findIndex((line) => line.startsWith('  network'));
  expect(lines.slice(at, at + 2)).toEqual([
    '  network    3 requests were sent once more: the server had closed their connection, or refused them unread',
    '             api.test:80: 10.0.0.1 had 100 requests over 5 connections; 10.0.0.2 had no request',
  ]);
});

const step = reportedRun(recordRun({ plan: { unjudged: true } }), {
  title: ['stress.spec.ts', 'where it breaks', 'step'],
});

function withFindings(
  runs: readonly ReportedRun[],
  findings: readonly FindingSummary[],
  detail: 'auto' | 'full' | 'compact' = 'auto',
): string[] {
  const summary = { ...summaryOfRuns(runs), findings };
  return renderSummary({ runs, summary, files: [], detail }, { width: 80, paint: plainPaint }).split('\n');
}

test('runs of a finding are folded under it, and its sentence is said again at the end', () => {
  const lines = withFindings([step, step, step, step], [sampleFindingSummary()]);
  expect(lines.filter((line) => line.includes('step'))).toEqual([]);
  expect(lines.slice(0, 2)).toEqual([
    '',
    '○ breaking point  stress.spec.ts › where it breaks                      [stress]',
  ]);
  expect(lines.slice(-3)).toEqual([
    '○ measured · 4 load runs: 4 measured · 61.2 s',
    '  ○ breaking point: sustains 198/s (3 of 3), fails 208/s (0 of 2), first by lat…',
    '',
  ]);
});

test('a folded run that is bad is shown all the same', () => {
  const bad = { ...step, summary: { ...step.summary, verdict: 'invalid' as const, reason: 'saturated' } };
  const lines = withFindings([step, bad, step, step], [sampleFindingSummary()]);
  expect(lines.filter((line) => line.startsWith('⊘ invalid  '))).toEqual([
    expect.stringContaining('stress.spec.ts › where it breaks › step'),
  ]);
});

test('folded runs do not make the others short', () => {
  const lines = withFindings([step, step, step, step, green], [sampleFindingSummary()]);
  expect(lines.filter((line) => line.trim() === 'thresholds')).toHaveLength(1);
});

test('of many findings the green ones are short and counted, the others said', () => {
  const verdicts = ['passed', 'passed', 'measured', 'failed', 'inconclusive'] as const;
  const findings = verdicts.map((verdict, at) =>
    sampleFindingSummary({ verdict, name: `n${at}`, sentence: 'so it is' }),
  );
  const lines = withFindings([step, step, step, step], findings);
  expect(lines.filter((line) => line.includes('rate  outcome'))).toHaveLength(2);
  expect(lines.slice(lines.findIndex((line) => line.startsWith('─')) + 2)).toEqual([
    '  5 findings: 1 failed, 1 inconclusive, 2 passed, 1 measured',
    '  ✗ breaking point of n3: so it is',
    '  ≟ breaking point of n4: so it is',
    '',
  ]);
});

test('compact no finding has a table', () => {
  const lines = withFindings([step, step, step, step], [sampleFindingSummary({ verdict: 'failed' })], 'compact');
  expect(lines.filter((line) => line.includes('rate  outcome'))).toEqual([]);
});
