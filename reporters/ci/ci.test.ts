import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { atMost, recordRun, reportedRun, summaryOfRuns } from '../../testing/recorded-run.ts';
import { issueCommand, uploadSummary } from './azure.ts';
import { codeQualityReport, metricsReport } from './gitlab.ts';
import { writeErrorCommands } from './tell-ci.ts';

const red = reportedRun(recordRun({ thresholds: [atMost('p95', 50)] }), { title: ['a.spec.ts', 'a "b" \\ c\nd'] });

test('a command of Azure Pipelines is one line, escaped as its library does', () => {
  expect(issueCommand({ file: 'a;b].ts', line: 3, title: '50%', message: 'x\n##vso[task.complete]y' })).toBe(
    '##vso[task.logissue type=error;sourcepath=a%3Bb%5D.ts;linenumber=3;]50%AZP25: x # #vso[task.complete]y',
  );
  expect(uploadSummary('/a/b%.md')).toBe('##vso[task.uploadsummary]/a/b%AZP25.md');
});

test('metrics of GitLab are OpenMetrics: a line each, labels escaped, an end', () => {
  const lines = metricsReport(summaryOfRuns([red])).split('\n');
  expect(lines).toHaveLength(7);
  for (const line of lines.slice(0, 5))
    expect(line).toMatch(/^load_[a-z0-9_]+\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\} -?[\d.e+-]+$/);
  expect(lines[0]).toBe('load_p95_ms{project="load",run="a.spec.ts › a \\"b\\" \\\\ c d"} 95.039');
  expect(lines.slice(5)).toEqual(['# EOF', '']);
});

test('runs of one name are series of their own', () => {
  const lines = metricsReport(summaryOfRuns([red, red]))
    .split('\n')
    .slice(0, -2);
  expect(new Set(lines.map((line) => line.replace(/ \S+$/, ''))).size).toBe(lines.length);
  expect(lines[1]).toBe('load_p95_ms{project="load",run="a.spec.ts › a \\"b\\" \\\\ c d",nth="2"} 95.039');
});

test('a fault of the code quality report is one for a run, and the same on another branch', () => {
  const error = { file: 'a.spec.ts', line: 3, title: 'load run failed: a', message: 'p95 51 ms' };
  const report = (message: string) =>
    JSON.parse(
      codeQualityReport([
        { ...error, message },
        { ...error, message: 'b' },
      ]),
    ) as readonly { fingerprint: string }[];
  expect(report('1')).toHaveLength(1);
  expect(report('1')[0]?.fingerprint).toBe(report('2')[0]?.fingerprint);
  expect(report('1')[0]).toMatchObject({ severity: 'major', location: { path: 'a.spec.ts', lines: { begin: 3 } } });
});

const systems: readonly { readonly env: NodeJS.ProcessEnv; readonly said: RegExp; readonly times?: number }[] = [
  {
    env: { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: '/repo' },
    said: /^::error file=pkg\/specs\/load\.spec\.ts,line=12,/,
  },
  {
    env: { TF_BUILD: 'True', BUILD_SOURCESDIRECTORY: '/repo' },
    said: /^##vso\[task\.logissue type=error;sourcepath=pkg\/specs\/load\.spec\.ts;linenumber=12;\]load run failed: /,
  },
  { env: {}, said: /^$/, times: 0 },
];
for (const { env, said, times = 10 } of systems)
  test(`with ${JSON.stringify(env)} ${times} errors are told, from the root of the repository`, () => {
    const lines: string[] = [];
    const runs = Array.from({ length: 30 }, () => red);
    const around = { env, cwd: '/elsewhere', write: (text: string) => void lines.push(text) };
    writeErrorCommands({ runs, summary: summaryOfRuns(runs), rootDir: '/repo/pkg', outputFolder: undefined, around });
    expect(lines).toHaveLength(times);
    expect(lines.slice(0, 1).every((line) => line.startsWith('\n'))).toBe(true); // another's last line may be open
    for (const line of lines) expect(line.trim()).toMatch(said);
  });
