/** What CI systems are told, in their own words. */
import type { PackageManager } from './package-manager.ts';

export interface Where {
  readonly manager: PackageManager;
  /** The project's folder from the top of the repository; empty where it is the top. */
  readonly folder: string;
  /** That of the lockfile, likewise: packages of a workspace share one. */
  readonly lockfile: string;
}

const inFolder = (folder: string, path: string) => (folder === '' ? path : `${folder}/${path}`);

export function githubWorkflow({ manager, folder, lockfile }: Where): string {
  const { name, install, exec } = manager;
  const cached = name === 'bun' ? '' : `, cache: ${name}`;
  const cacheKey = lockfile === '' || name === 'bun' ? '' : `, cache-dependency-path: '${lockfile}/*lock*'`;
  return `# Load tests, one at a time on a machine of their own. docs/ci.md of playload tells more: shards, baselines, messages.
name: load
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  load:
    runs-on: ubuntu-latest
    timeout-minutes: 30
${folder === '' ? '' : `    defaults: { run: { working-directory: '${folder}' } }\n`}    steps:
      - uses: actions/checkout@v4
${name === 'pnpm' ? '      - uses: pnpm/action-setup@v4\n        with: { version: latest }\n' : ''}      - uses: actions/setup-node@v4
        with: { node-version: 22${cached}${cacheKey} }
${name === 'bun' ? '      - uses: oven-sh/setup-bun@v2\n' : ''}      - run: ${install}
      - run: ${exec} playwright test --project=load
      - uses: actions/upload-artifact@v4
        if: \${{ !cancelled() }}
        with: { name: load-results, path: ${inFolder(folder, 'load-results/')} }
`;
}

export function gitlabJob({ manager, folder }: Where): string {
  return `load:
  image: node:22
  script:
${[
  ...(folder === '' ? [] : [`cd ${folder}`]),
  ...prepare(manager),
  manager.install,
  `${manager.exec} playwright test --project=load`,
]
  .map((line) => `    - ${line}\n`)
  .join('')}  artifacts:
    when: always
    paths: [${inFolder(folder, 'load-results/')}]
    reports: # what the merge request shows
      metrics: ${inFolder(folder, 'load-results/metrics.txt')}
      codequality: ${inFolder(folder, 'load-results/codequality.json')}
`;
}

export function azureLines({ manager, folder }: Where): readonly string[] {
  const commands = [...prepare(manager), manager.install, `${manager.exec} playwright test --project=load`];
  return [
    `- script: ${commands.join(' && ')}`,
    ...(folder === '' ? [] : [`  workingDirectory: ${folder}`]),
    `- publish: ${inFolder(folder, 'load-results')}`,
    '  condition: succeededOrFailed()',
    '  artifact: load-results',
  ];
}

/** Where the machine has nothing but Node. */
function prepare({ name }: PackageManager): readonly string[] {
  if (name === 'pnpm' || name === 'yarn') return ['corepack enable'];
  return name === 'bun' ? ['npm i -g bun'] : [];
}
