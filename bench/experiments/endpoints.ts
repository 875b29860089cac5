/** Every endpoint of the agent that answers at once: its rate and its tail, on both databases. Data where there is data to be had. */
import { autocannon } from '../children/autocannon.ts';
import { onCore } from '../children/cores.ts';
import { rssMbOf } from '../children/cpu-share.ts';
import { decisions, type DecisionsAsk } from '../children/decisions.ts';
import type { Experiment, Setting } from '../experiment.ts';
import { atLeast, type Bar, below, measured, notMeasured, type Reading } from '../reading.ts';
import { startPostgres } from '../servers/postgres.ts';
import { analysisOf, lastHourOf, register, seededInstance } from '../servers/seeded-instances.ts';
import { storedWorkflows, withAgent } from '../servers/start.ts';

/** Its history is seeded, see `server/seed.ts`. */
const instance = seededInstance(0);
const storedSnapshots = 1_000;

interface Row {
  readonly path: string;
  readonly body?: object;
  readonly method?: 'POST';
  readonly connections?: number;
  /** Told apart by it where a path has several rows. */
  readonly about?: string;
  readonly bars?: { readonly perSec?: Bar; readonly p99Ms?: Bar; readonly eachMs?: Bar };
}

const analyze = { path: '/api/v1/analyze', method: 'POST', body: analysisOf(instance) } as const;
/** A page that somebody waits for. */
const pageBars = { perSec: atLeast(2_000), p99Ms: below(100) };

const history: Row = { path: `/api/v1/history/${instance}?limit=50`, bars: pageBars };
const ownMetrics: Row = { path: '/metrics', bars: pageBars };
/** Of all stored snapshots, of six promises. */
const analyses: readonly Row[] = [
  { ...analyze, connections: 1, about: 'alone', bars: { eachMs: below(10) } },
  { ...analyze, bars: { p99Ms: below(500) } },
];

const rows: readonly Row[] = [
  { path: '/livez' },
  { path: '/readyz' },
  ownMetrics,
  { path: '/openapi.json' },
  { path: '/api/v1/health/detailed' },
  { path: '/api/v1/config' },
  { path: '/api/v1/capabilities' },
  { path: '/api/v1/instances' },
  { path: `/api/v1/instances/${instance}` },
  { path: `/api/v1/metrics/vllm/${instance}` },
  history,
  ...analyses,
  { path: '/api/v1/optimize', method: 'POST', body: lastHourOf(instance), connections: 1, about: 'alone' },
  { path: '/api/v1/optimize', method: 'POST', body: lastHourOf(instance) },
];

const unjudged = (row: Row): Row => ({ ...row, bars: {} });

/** What asks the database. */
const postgresRows: readonly Row[] = [
  { path: '/readyz' },
  { path: '/api/v1/workflows?limit=50' },
  { path: '/api/v1/workflows', method: 'POST', body: { instance_id: 'nobody' } },
  unjudged(ownMetrics),
  unjudged(history),
  ...analyses.map(unjudged),
];

const decided = ['approve', 'reject', 'cancel', 'follow', 'open'] as const;
const said: Readonly<Record<DecisionsAsk['what'], string>> = {
  approve: 'POST /workflows/{id}/approve',
  reject: 'POST /workflows/{id}/reject',
  cancel: 'POST /workflows/{id}/cancel',
  follow: 'GET /workflows/{id}/events: from the approval to its event',
  open: 'GET /workflows/{id}/events: from the request to the first event',
};

export const endpoints: Experiment = {
  name: 'endpoints',
  about: `the agent's other endpoints, 50 connections; ${storedWorkflows} workflows and ${storedSnapshots} snapshots stored, in SQLite and in PostgreSQL`,
  measure: async (setting) => [
    ...(await measureAll(setting, { rows, on: '' })),
    ...(await measureOnPostgres(setting, { rows: postgresRows, on: 'PostgreSQL: ' })),
  ],
};

interface Asked {
  readonly rows: readonly Row[];
  /** What the names of the readings begin with. */
  readonly on: string;
  readonly databaseUrl?: string;
}

async function measureOnPostgres(setting: Setting, asked: Asked): Promise<Reading[]> {
  const postgres = await startPostgres();
  if (postgres.kind === 'none') return [notMeasured(`${asked.on}every endpoint`, '/s', postgres.reason)];
  try {
    return await measureAll(setting, { ...asked, databaseUrl: postgres.url });
  } finally {
    await postgres.stop();
  }
}

async function measureAll(setting: Setting, { rows: asked, on, databaseUrl }: Asked): Promise<Reading[]> {
  const each = setting.quick ? 100 : 1_000;
  const stored = { snapshots: storedSnapshots, awaiting: each * decided.length };
  return withAgent(
    setting,
    async ({ url, pid }) => {
      await register({ url }, instance);
      const readings: Reading[] = [];
      for (const row of asked) readings.push(...(await readingsOf({ url, row, on }, setting)));
      const ids = await awaiting(url);
      for (const what of decided)
        readings.push(...(await readingsOfDecisions({ url, what, on, ids: ids.splice(0, each) }, setting)));
      // With what is kept of histories and analyses by then.
      readings.push(measured(`${on}resident memory afterwards`, 'MB', [await rssMbOf(pid)], { bar: below(150) }));
      return readings;
    },
    { ...stored, ...(databaseUrl !== undefined && { databaseUrl }) },
  );
}

interface Measured {
  readonly url: string;
  readonly row: Row;
  readonly on: string;
}

async function readingsOf({ url, row, on }: Measured, { quick, cores }: Setting): Promise<Reading[]> {
  const { path, body, method, connections = 50, about, bars = {} } = row;
  const run = await autocannon({
    url: `${url}${path}`,
    seconds: quick ? 1 : 2,
    warmUpCpuSeconds: 1,
    connections,
    pin: (command) => onCore(cores, 'generator', command),
    ...(method !== undefined && { method }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const name = `${on}${method ?? 'GET'} ${path.replace(/^\/api\/v1/, '')}${about === undefined ? '' : `, ${about}`}`;
  const note = run.failed === 0 ? {} : { note: `${run.failed} failed` };
  if (run.perSec === 0) return [notMeasured(name, '/s', `${run.failed} failed, and no other`)];
  const tail =
    connections === 1
      ? measured(`${name}: each takes`, 'ms', [1_000 / run.perSec], barOf(bars.eachMs))
      : measured(`${name}: p99`, 'ms', [run.p99Ms], barOf(bars.p99Ms));
  return [measured(name, '/s', [run.perSec], { ...barOf(bars.perSec), ...note }), tail];
}

const barOf = (bar: Bar | undefined) => (bar === undefined ? {} : { bar });

interface MeasuredDecisions {
  readonly url: string;
  readonly what: DecisionsAsk['what'];
  readonly on: string;
  readonly ids: readonly string[];
}

/** Each decision is a transaction of its own, and is on the disk when it is answered. */
async function readingsOfDecisions(
  { url, what, on, ids }: MeasuredDecisions,
  { cores }: Setting,
): Promise<readonly Reading[]> {
  const run = await decisions({ url, ids, what, connections: 50 }, (command) => onCore(cores, 'generator', command));
  const name = `${on}${said[what]}`;
  if (run.tookMs === undefined) return [notMeasured(name, '/s', `all ${run.failed} failed`)];
  const note = run.failed === 0 ? {} : { note: `${run.failed} failed` };
  return [
    measured(name, '/s', [run.perSec], note),
    measured(`${name}: p50`, 'ms', [run.tookMs.p50]),
    measured(`${name}: p99`, 'ms', [run.tookMs.p99]),
  ];
}

/** The workflows that wait for a decision, by following the pages of the list. */
async function awaiting(url: string): Promise<string[]> {
  const ids: string[] = [];
  for (let next: string | undefined = '/api/v1/workflows?status=awaiting_approval&limit=200'; next !== undefined;) {
    const response: Response = await fetch(`${url}${next}`);
    const page = (await response.json()) as readonly { readonly id: string }[];
    ids.push(...page.map(({ id }) => id));
    next = /<([^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return ids;
}
