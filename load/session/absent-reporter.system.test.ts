/** The line that tells of a missing load reporter, where a user sees it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { reporterPath, runPlaywright } from '../../testing/child-suite.ts';
import { writeLocalProject } from '../../testing/local-project.ts';
import { absentReporterLine } from './absent-reporter.ts';

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-absent-'));
});
test.afterEach(async () => rm(folder, { recursive: true, force: true }));

const spec = ['a', 'b']
  .map(
    (name) =>
      `test('${name}', async ({ load }) => { const run = await load(users(1).iterations(2), ({ request }) => request.get('/'), { whenSaturated: 'warn' }); expect(run).toMeet({ successRate: '100%' }); });`,
  )
  .join('\n');

const cases = [
  { what: 'without the load reporter it is said once', reporters: [['list']], times: 1 },
  {
    what: 'where a test has failed, and another worker goes on, it is said once',
    spec: `test('c', async ({ load }) => { await load(users(1).iterations(2), ({ request }) => request.get('/')); throw new Error('on purpose'); });\n${spec}`,
    reporters: [['list']],
    times: 1,
    ends: 1,
  },
  { what: 'with it nothing is said', reporters: [['list'], [reporterPath, { html: false }]], times: 0 },
  {
    what: 'where the command line has replaced it, it is said',
    reporters: [['list'], [reporterPath, { html: false }]],
    args: ['--reporter=list'],
    times: 1,
  },
  {
    what: 'where loads are played once, nobody looks for results',
    reporters: [['list']],
    env: { LOAD_ONCE: '1' },
    times: 0,
  },
];
for (const { what, reporters, args = [], env = {}, times, ends = 0, spec: tests = spec } of cases) {
  test(what, async () => {
    await writeLocalProject(folder, tests, reporters);
    const { code, stdout, stderr } = await runPlaywright(folder, { args: ['test', ...args], env });
    expect(code, stdout + stderr).toBe(ends);
    expect((stdout + stderr).split(absentReporterLine.trim())).toHaveLength(times + 1);
  });
}
