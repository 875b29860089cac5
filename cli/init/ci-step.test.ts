/** What CI systems that are there are told, and that it is YAML of the meaning it should have. */
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { type CiStep, ciSteps, githubPath, gitlabPath } from './ci-step.ts';
import type { PackageManager } from './package-manager.ts';

const npm: PackageManager = { name: 'npm', add: 'npm i -D', install: 'npm ci', exec: 'npx' };
const pnpm: PackageManager = { name: 'pnpm', add: '', install: 'pnpm install --frozen-lockfile', exec: 'pnpm exec' };
const where = { manager: npm, folder: '', lockfile: '' };

/** As `npm init playwright` writes it, after its first steps. */
const template = `name: Playwright Tests
on: { push: { branches: [main] } }
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
    - uses: actions/checkout@v4
    - name: Run Playwright tests
      run: npx playwright test
    - uses: actions/upload-artifact@v4
      if: \${{ !cancelled() }}
      with:
        name: playwright-report
        path: playwright-report/
        retention-days: 30
`;
const workflow = (text: string) => ({ path: '.github/workflows/playwright.yml', text });
const only = (steps: readonly CiStep[]): CiStep => {
  expect(steps).toHaveLength(1);
  return steps[0] ?? { kind: 'none' };
};
const textOf = (step: CiStep) => (step.kind === 'change' ? step.text : '');

test('without a CI system there is nothing to tell', () => {
  expect(ciSteps({ files: [], hasWorkflows: false, where })).toEqual([{ kind: 'none' }]);
});

test('a workflow of the template keeps load-results too, and all else in it stays', () => {
  const step = only(ciSteps({ files: [workflow(template)], hasWorkflows: true, where }));
  expect(textOf(step)).toBe(
    `${template}    - uses: actions/upload-artifact@v4
      if: \${{ !cancelled() }}
      with:
        name: load-results
        path: load-results/
        retention-days: 30
`,
  );
  const again = only(ciSteps({ files: [workflow(textOf(step))], hasWorkflows: true, where }));
  expect(again.kind).toBe('there');
});

test('a workflow with line ends of Windows keeps them', () => {
  const windows = template.replaceAll('\n', '\r\n');
  const text = textOf(only(ciSteps({ files: [workflow(windows)], hasWorkflows: true, where })));
  expect(text.startsWith(windows)).toBe(true);
  expect(text.replaceAll('\r\n', '')).not.toContain('\n');
});

const left = [
  { what: 'keeps no report', text: template.slice(0, template.indexOf('    - uses: actions/upload')) },
  {
    what: 'keeps it in a way that is not known',
    text: template.replace('      with:', '      id: report\n      with:'),
  },
];
for (const { what, text } of left) {
  test(`a workflow that ${what} is left alone, with the lines to add`, () => {
    const step = only(ciSteps({ files: [workflow(text)], hasWorkflows: true, where }));
    expect(step.kind).toBe('left');
    if (step.kind === 'left') expect(parse(step.lines.join('\n'))).toHaveLength(1);
  });
}

const others = ['npm test', 'npx playwright test --project=chromium', '# npx playwright test'];
for (const command of others) {
  test(`a workflow that runs \`${command}\` gets one beside it`, () => {
    const text = template.replace('npx playwright test', command);
    const step = only(ciSteps({ files: [workflow(text)], hasWorkflows: true, where }));
    expect(step).toMatchObject({ kind: 'change', path: githubPath });
  });
}

for (const manager of [npm, pnpm]) {
  test(`the workflow of ${manager.name} installs, runs the load project and keeps its results`, () => {
    const text = textOf(
      only(ciSteps({ files: [], hasWorkflows: true, where: { manager, folder: 'web', lockfile: 'web' } })),
    );
    const { jobs } = parse(text) as {
      jobs: { load: { defaults: unknown; steps: { uses?: string; run?: string; with?: unknown }[] } };
    };
    const { steps, defaults } = jobs.load;
    expect(defaults).toEqual({ run: { 'working-directory': 'web' } });
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual([
      manager.install,
      `${manager.exec} playwright test --project=load`,
    ]);
    expect(steps.at(-1)?.with).toEqual({ name: 'load-results', path: 'web/load-results/' });
  });
}

const shared = [
  { lockfile: '', what: 'no other path than its own', cached: undefined },
  { lockfile: 'web', what: 'the path of the lockfile', cached: 'web/*lock*' },
];
for (const { lockfile, what, cached } of shared) {
  test(`a workflow in a folder, with the lockfile in \`${lockfile}\`, caches by ${what}`, () => {
    const text = textOf(
      only(ciSteps({ files: [], hasWorkflows: true, where: { manager: npm, folder: 'web', lockfile } })),
    );
    const { jobs } = parse(text) as { jobs: { load: { steps: { with?: Record<string, unknown> }[] } } };
    expect(jobs.load.steps[1]?.with?.['cache-dependency-path']).toBe(cached);
  });
}

const gitlab = [
  { what: 'no stages', text: 'build:\n  script: [make]', kind: 'change' },
  { what: 'a stage `test`', text: 'stages: [build, test]\n', kind: 'change' },
  { what: 'a stage `test` on a line of its own', text: 'stages:\n  - build\n  - test\n', kind: 'change' },
  { what: 'other stages', text: 'stages: [build, deploy]\n', kind: 'left' },
  { what: 'a job `load`', text: 'load:\n  script: [make]\n', kind: 'left' },
  { what: 'a job that runs all', text: 'e2e:\n  script:\n    - npx playwright test\n', kind: 'left' },
  { what: 'our job', text: 'load:\n  script:\n    - npx playwright test --project=load\n', kind: 'there' },
];
for (const { what, text, kind } of gitlab) {
  test(`a pipeline of GitLab with ${what}: ${kind}`, () => {
    const step = only(ciSteps({ files: [{ path: gitlabPath, text }], hasWorkflows: false, where }));
    expect(step.kind).toBe(kind);
    if (step.kind === 'change') {
      expect(step.text.startsWith(text)).toBe(true);
      const { load } = parse(step.text) as { load: { script: unknown } };
      expect(load.script).toEqual(['npm ci', 'npx playwright test --project=load']);
    }
    if (step.kind === 'left') expect(parse(step.lines.join('\n'))).toBeTruthy();
  });
}

test('a pipeline of Azure is left to its author, with its steps', () => {
  const file = { path: 'azure-pipelines.yml', text: 'steps:\n  - script: make\n' };
  const step = only(ciSteps({ files: [file], hasWorkflows: false, where }));
  expect(step.kind === 'left' && parse(step.lines.join('\n'))).toEqual([
    { script: 'npm ci && npx playwright test --project=load' },
    { publish: 'load-results', condition: 'succeededOrFailed()', artifact: 'load-results' },
  ]);
});
