/**
 * What the files of deploy/ say, done: the steps of each are run by a shell, shards side by side, against a server on
 * loopback. Only `npm ci` and `docker` are left out.
 */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { Job } from 'kubernetes-models/batch/v1';
import { parse, parseAllDocuments } from 'yaml';
import { MeetingServer } from './load/session/meeting/meeting-server.ts';
import { reporterPath } from './testing/child-suite.ts';
import { listening } from './testing/listening.ts';

const root = import.meta.dirname;
const run = promisify(execFile);
const { listen } = listening();
let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-deploy-'));
});
test.afterEach(async () => rm(folder, { recursive: true, force: true }));

const textOf = async (path: string) => readFile(join(root, 'deploy', path), 'utf8');

interface Project {
  readonly path: string;
  readonly baseURL: string;
  readonly requests: () => number;
}

const spec = `import { arrivals, expect, test } from ${JSON.stringify(join(root, 'load/index.ts'))};
test('browse', async ({ load }) => {
  const run = await load(arrivals('40/s').for('2s'), ({ request }) => request.get('/'), { whenSaturated: 'warn' });
  expect(run).toMeet({ successRate: '100%', requests: '80' });
});
`;

/** A checkout with `npm ci` done. */
async function newProject(): Promise<Project> {
  const path = join(folder, 'project');
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.end('ok');
  });
  const baseURL = `http://127.0.0.1:${await listen(server)}`;
  const config = {
    respectGitIgnore: false,
    reporter: [['list'], [reporterPath, { html: false }]],
    projects: [{ name: 'load', metadata: { load: true } }],
  };
  await mkdir(join(path, 'bin'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(path, 'node_modules'));
  const body = `export default { ...${JSON.stringify(config)}, use: { baseURL: process.env.BASE_URL } };\n`;
  await writeFile(join(path, 'playwright.config.ts'), body);
  await writeFile(join(path, 'package.json'), '{ "type": "module" }');
  await writeFile(join(path, 'package-lock.json'), '{}');
  await writeFile(join(path, 'load.spec.ts'), spec);
  await writeFile(join(path, 'bin/npm'), '#!/bin/sh\ntest "$*" = ci\n');
  await chmod(join(path, 'bin/npm'), 0o755);
  return { path, baseURL, requests: () => requests };
}

interface Ran {
  readonly code: number;
  readonly said: string;
}

/** By the shell that the platform uses, which stops at the first command that fails. */
async function shell(lines: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const foreign = /^(?:PW|PLAYWRIGHT|TEST_|GITHUB_|CI$|CI_|LOAD_|BASE_URL$|FORCE_COLOR|NO_COLOR)/;
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  const path = `${join(folder, 'project/bin')}:${process.env['PATH'] ?? ''}`;
  return run('sh', ['-e', '-c', lines.join('\n')], { cwd, env: { ...clean, PATH: path, ...env } }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (failure: unknown) => {
      const { code, stdout, stderr } = failure as { code: number; stdout: string; stderr: string };
      return { code, said: stdout + stderr };
    },
  );
}

/** Of its own for each shard, as machines have it. */
async function checkout({ path }: Project, name: string): Promise<string> {
  const copy = join(folder, name);
  await cp(path, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function expectOneLoad(ran: readonly Ran[], { requests }: Project): void {
  expect(
    ran.map(({ code }) => code),
    ran.map(({ said }) => said).join('\n'),
  ).toEqual(ran.map(() => 0));
  expect(ran.at(-1)?.said).toContain('✓ passed · 1 load run');
  expect(requests()).toBe(80);
}

async function newMeeting(shards: number): Promise<AsyncDisposable & { readonly url: string }> {
  const server = await MeetingServer.start({ shards, host: '127.0.0.1' });
  return { url: `http://127.0.0.1:${server.port}`, [Symbol.asyncDispose]: async () => server.close() };
}

interface Workflow {
  readonly jobs: Readonly<
    Record<'start' | 'load' | 'verdict', { readonly steps: readonly { readonly run?: string }[] }>
  >;
}

test("each `run:` of GitHub's workflow does what it says: two machines, one verdict", async () => {
  const project = await newProject();
  await using meeting = await newMeeting(2);
  const { jobs } = parse(await textOf('github/load.yml')) as Workflow;
  const lines = (job: keyof Workflow['jobs'], shard = 0) =>
    jobs[job].steps.flatMap(({ run: line }) => line?.replace('${{ matrix.shard }}', String(shard)) ?? []);
  const start = await shell(lines('start'), folder, { GITHUB_OUTPUT: join(folder, 'output') });
  expect(await readFile(join(folder, 'output'), 'utf8'), start.said).toMatch(/^at=\d{10}\n$/);
  const env = { BASE_URL: project.baseURL, LOAD_MEET: meeting.url, LOAD_START_AT: '', GITHUB_RUN_ID: '7' };
  const shards = await Promise.all(
    [1, 2].map(async (shard) => shell(lines('load', shard), await checkout(project, `machine-${shard}`), env)),
  );
  const judge = await checkout(project, 'judge');
  for (const shard of [1, 2]) await cp(join(folder, `machine-${shard}/blob-report`), join(judge, 'blob-reports'), { recursive: true }); // prettier-ignore
  const verdict = await shell(lines('verdict'), judge, {});
  expectOneLoad([...shards, verdict], project);
  expect(await readdir(join(judge, 'load-results'))).toContain('summary.json');
  const unset = await shell(lines('load', 1), judge, { ...env, BASE_URL: '' });
  expect([unset.code, unset.said]).toEqual([1, 'set the variable LOAD_BASE_URL to the server under load\n']);
});

test("each script of GitLab's pipeline does what it says: four runners, one verdict", async () => {
  const project = await newProject();
  await using meeting = await newMeeting(4);
  const jobs = parse(await textOf('gitlab/.gitlab-ci.yml')) as Readonly<
    Record<'start' | 'load' | 'verdict', { readonly script: readonly string[] }>
  >;
  await shell(jobs.start.script, folder, {});
  const dotenv = await readFile(join(folder, 'start.env'), 'utf8');
  expect(dotenv).toMatch(/^LOAD_START_AT=\d{10}\n$/);
  const env = { BASE_URL: project.baseURL, LOAD_MEET: meeting.url, CI_PIPELINE_ID: '7', CI_NODE_TOTAL: '4', LOAD_START_AT: dotenv.slice(14, -1) }; // prettier-ignore
  const judge = await checkout(project, 'judge');
  const shards = await Promise.all(
    ['1', '2', '3', '4'].map(async (index) => {
      const machine = await checkout(project, `machine-${index}`);
      return shell(jobs.load.script, machine, { ...env, CI_NODE_INDEX: index });
    }),
  );
  for (const index of shards.keys())
    await cp(join(folder, `machine-${index + 1}/blob-report`), join(judge, 'blob-report'), { recursive: true });
  expectOneLoad([...shards, await shell(jobs.verdict.script, judge, {})], project);
});

type Manifest = ConstructorParameters<typeof Job>[0];
const manifestsOf = (text: string) => parseAllDocuments(text).map((each) => each.toJS() as Manifest);

interface Container {
  readonly command: readonly [string, string, string];
}

test('the commands of the Kubernetes Jobs do what they say: four pods, one verdict', async () => {
  const project = await newProject();
  const [map, , load, verdict] = manifestsOf(await textOf('kubernetes/load.yaml'));
  const { data } = map as unknown as { readonly data: Readonly<Record<string, string>> };
  const commandOf = (job: Manifest | undefined) =>
    (job?.spec?.template.spec?.containers[0] as Container | undefined)?.command[2] ?? '';
  const results = join(folder, 'results');
  const env = { ...data, BASE_URL: project.baseURL, RESULTS: results, LOAD_MEET: `${results}/meet` };
  const judged = shell(['set +e', commandOf(verdict)], await checkout(project, 'judge'), env);
  const pods = await Promise.all(
    [0, 1, 2, 3].map(
      async (index) =>
      shell(['set +e', commandOf(load)], await checkout(project, `pod-${index}`), { ...env, JOB_COMPLETION_INDEX: String(index) }), // prettier-ignore
    ),
  );
  expectOneLoad([...pods, await judged], project);
  const blobs = (await readdir(join(results, 'run-1', 'blobs'))).filter((name) => name.endsWith('.zip'));
  expect(blobs.toSorted()).toEqual([1, 2, 3, 4].map((shard) => `report-${shard}.zip`));
  expect(await readdir(join(results, 'run-1', 'load-results'))).toContain('summary.json');
});

interface Service {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

test('the commands of compose.yaml do what they say: three containers, one verdict', async () => {
  const project = await newProject();
  await using meeting = await newMeeting(3);
  const { services } = parse(await textOf('compose.yaml'), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
  };
  const results = join(folder, 'results');
  const shards = await Promise.all(
    [1, 2, 3].map(async (number) => {
      const { command = '', environment = {} } = services[`shard-${number}`] ?? {};
      const env = { ...environment, BASE_URL: project.baseURL, LOAD_MEET: meeting.url, LOAD_RUN_ID: 'compose' };
      const PLAYWRIGHT_BLOB_OUTPUT_FILE =
        environment['PLAYWRIGHT_BLOB_OUTPUT_FILE']?.replace('/results', results) ?? '';
      const line = command.replaceAll('$$', '$');
      return shell([line], await checkout(project, `container-${number}`), { ...env, PLAYWRIGHT_BLOB_OUTPUT_FILE });
    }),
  );
  const verdict = services['verdict']?.command.replace('/results', results) ?? '';
  expectOneLoad([...shards, await shell([verdict], await checkout(project, 'judge'), {})], project);
  expect(services['meet']?.command).toBe('npx playload meet --shards 3 --port 8070');
});

test('the steps of the Dockerfile make a project in which the load tests are listed', async () => {
  const project = await newProject();
  const steps = (await textOf('kubernetes/Dockerfile')).split('\n').filter((line) => /^[A-Z]/.test(line));
  expect(steps.map((line) => line.split(' ')[0])).toEqual(['FROM', 'WORKDIR', 'COPY', 'RUN', 'COPY']);
  const image = join(folder, 'image');
  await mkdir(image);
  for (const step of steps) {
    const [word, ...args] = step.split(' ');
    const [to = '', ...sources] = args.toReversed();
    if (word === 'RUN') expect(await shell([args.join(' ')], image, {})).toMatchObject({ code: 0 });
    if (word === 'COPY') for (const each of sources) await cp(join(project.path, each), join(image, to, sources.length > 1 ? each : ''), { recursive: true, verbatimSymlinks: true }); // prettier-ignore
  }
  const { said } = await shell(['npx playwright test --project=load --list'], image, {});
  expect(said).toContain('Total: 1 test in 1 file');
});
