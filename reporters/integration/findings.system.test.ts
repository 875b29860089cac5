/** Findings on every surface, through Playwright's own command line. */
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Finding } from '../../load/measure/finding.ts';
import { type ChildTest, readSummary, reporterPath, runPlaywright, writeSuite } from '../../testing/child-suite.ts';
import { atMost } from '../../testing/recorded-run.ts';
import { sampleFinding } from '../../testing/sample-finding.ts';

const ours = (options: Record<string, unknown> = {}) => [reporterPath, { html: false, ...options }];

const suites = resolve(tmpdir(), `playload-findings-${process.pid}`);
test.afterEach(async () => rm(resolve(suites, test.info().testId), { recursive: true, force: true }));

function folderOf(): string {
  return resolve(suites, test.info().testId);
}

/** A test that asked: two loads that are not judged, and what they told. */
function asking(title: string, changes: Partial<Finding> = {}, body = ''): ChildTest {
  const attaches = ['one', 'two'].map((name, index) => ({ plan: { name, index, unjudged: true as const } }));
  return { title, attaches, findings: [sampleFinding({ runs: [0, 1], ...changes })], body };
}

const green: ChildTest = { title: 'green', attaches: [{ thresholds: [atMost('p95', 200)] }] };
/** As the fixture ends a test whose finding is bad. */
const fails = 'throw new Error("failed: breaking point");';

test('a finding is in the summary, the terminal, the page, the exports and the reports listed after', async () => {
  const folder = folderOf();
  const reporters = [
    ['dot'],
    ours({ html: true, exports: { prometheus: true, csv: true } }),
    ['json', { outputFile: 'report.json' }],
    ['junit', { outputFile: 'report.xml' }],
  ];
  await writeSuite({ folder, tests: [green, asking('where')], reporters });
  const stepSummary = resolve(folder, 'step.md');
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: stepSummary, GITHUB_WORKSPACE: folder };
  const { code, stdout, stderr } = await runPlaywright(folder, { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { findings, verdict } = await readSummary(folder);
  expect(verdict).toBe('passed');
  expect(findings).toMatchObject([
    { title: ['child.spec.ts', 'where'], verdict: 'measured', runs: [1, 2], project: 'load' },
  ]);
  const sentence = 'sustains 198/s (3 of 3), fails 208/s (0 of 2), first by latency';
  expect(stdout).toContain(`\n○ breaking point  child.spec.ts › where`);
  expect(stdout).toContain(`○ breaking point: ${sentence}`);
  expect(stdout).not.toContain('child.spec.ts › where › one');
  expect(stdout).toContain('load-results/series.findings.csv');
  const text = async (path: string) => readFile(resolve(folder, path), 'utf8');
  expect(await text('load-results/report.html')).toContain(`"sentence":"${sentence}"`);
  expect(await text('load-results/metrics.prom')).toContain(
    'playload_finding_sustained{project="load",test="child.spec.ts › where",kind="breaking-point"} 198',
  );
  expect((await text('load-results/series.findings.csv')).split('\r\n')[1]).toContain(
    'child.spec.ts › where,breaking-point,,measured',
  );
  expect(await text('report.xml')).toContain(`<property name="breaking point" value="measured: ${sentence}">`);
  const json = await text('report.json');
  expect(json).toContain(`"description": "measured: ${sentence}"`);
  expect(json).toContain('"name": "load finding breaking point"');
  const markdown = await text('step.md');
  expect(markdown).toContain('| ○\u00a0measured | breaking point | sustains');
  expect(markdown).not.toContain('where › one');
});

test('a bad finding ends the build, with one error command for it and none for its runs', async () => {
  const folder = folderOf();
  await writeSuite({ folder, tests: [asking('where', { verdict: 'failed' }, fails)], reporters: [['dot'], ours()] });
  const { code, stdout } = await runPlaywright(folder, { env: { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder } });
  expect(code).toBe(1);
  expect((await readSummary(folder)).verdict).toBe('failed');
  expect(stdout.split('\n').filter((line) => line.startsWith('::error'))).toEqual([
    '::error file=child.spec.ts,line=3,title=load finding failed%3A breaking point%3A where::where: sustains 198/s (3 of 3), fails 208/s (0 of 2), first by latency',
  ]);
});

test('a bad finding ends the build although its test passed', async () => {
  const folder = folderOf();
  await writeSuite({ folder, tests: [asking('where', { verdict: 'invalid' })], reporters: [['dot'], ours()] });
  expect((await runPlaywright(folder)).code).toBe(1);
  expect((await readSummary(folder)).verdict).toBe('invalid');
});

test('a test that is meant to fail by its finding lets the build pass', async () => {
  const folder = folderOf();
  const meant = asking('where', { verdict: 'failed' }, `test.fail(); ${fails}`);
  await writeSuite({ folder, tests: [meant, green], reporters: [['dot'], ours()] });
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder };
  const { code, stdout } = await runPlaywright(folder, { env });
  expect(code).toBe(0);
  expect(stdout).not.toContain('::error');
  const { verdict, findings } = await readSummary(folder);
  expect([verdict, findings?.[0]?.verdict, findings?.[0]?.expectedToFail]).toEqual(['passed', 'failed', true]);
});

for (const raw of ['{', '{"schema":"playload.findings/9","findings":[]}']) {
  test(`findings that hold ${raw} are lost, which is said and red`, async () => {
    const folder = folderOf();
    await writeSuite({ folder, tests: [{ ...green, findings: [{ raw }] }], reporters: [['dot'], ours()] });
    const { code, stderr } = await runPlaywright(folder);
    expect(code).toBe(1);
    expect(stderr).toContain('load reporter: findings were lost: green: ');
    const { verdict, findings } = await readSummary(folder);
    expect({ verdict, findings }).toEqual({ verdict: 'incomplete', findings: undefined });
  });
}

test('of a retried test the findings of its last attempt count', async () => {
  const folder = folderOf();
  const retried = asking('where', {}, 'if (test.info().retry === 0) throw new Error("once");');
  await writeSuite({ folder, tests: [retried], reporters: [['dot'], ours()], config: { retries: 1 } });
  await runPlaywright(folder);
  const { findings, runs } = await readSummary(folder);
  expect(findings?.map(({ runs: at }) => at)).toEqual([[0, 1]]);
  expect(runs).toHaveLength(2);
});

test('each repetition has its finding, over its own runs', async () => {
  const folder = folderOf();
  await writeSuite({ folder, tests: [asking('where')], reporters: [['dot'], ours()] });
  expect((await runPlaywright(folder, { args: ['test', '--repeat-each=2'] })).code).toBe(0);
  const { findings, runs } = await readSummary(folder);
  expect(findings?.map(({ title }) => title.slice(2))).toEqual([[], ['repetition 2']]);
  for (const [at, { runs: own, title }] of (findings ?? []).entries()) {
    expect(own, `finding ${at}`).toHaveLength(2);
    for (const each of own) expect(runs[each]?.title.slice(0, title.length)).toEqual(title);
  }
});

test('a merge of blob reports keeps findings, and fails by a bad one', async () => {
  const folder = folderOf();
  const tests = [asking('where', { verdict: 'failed' }, fails), green];
  await writeSuite({ folder, tests, reporters: [['blob'], ours()] });
  await runPlaywright(folder, { env: { PLAYWRIGHT_BLOB_OUTPUT_FILE: resolve(folder, 'blobs', 'report.zip') } });
  const after = ['junit', { outputFile: 'report.xml' }];
  await writeSuite({ folder, tests: [], reporters: [['dot'], ours(), after] });
  const merged = await runPlaywright(folder, { args: ['merge-reports', '-c', 'merge.config.ts', 'blobs'] });
  expect(merged.code).toBe(1);
  expect(merged.stdout + merged.stderr).toContain(
    'load finding failed: child.spec.ts › where: breaking point: sustains',
  );
  const { findings } = await readSummary(folder);
  expect(findings).toMatchObject([{ verdict: 'failed', runs: [0, 1], table: { rows: { length: 4 } } }]);
  const junit = await readFile(resolve(folder, 'report.xml'), 'utf8');
  expect(junit.match(/<property name="breaking point" value="failed: /g)).toHaveLength(1);
});
