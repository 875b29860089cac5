/** Every endpoint of the agent that answers at once, by autocannon: its rate and its tail. Data where there is data to be had. */
import { autocannon } from '../children/autocannon.ts';
import { onCore } from '../children/cores.ts';
import type { Experiment } from '../experiment.ts';
import { below, measured, type Reading } from '../reading.ts';
import { storedWorkflows, withAgent } from '../servers/start.ts';

/** Its history is seeded, see `server/seed.ts`. */
const instance = 'seeded-vllm';
const storedSnapshots = 1_000;
/** One analysis of all stored snapshots, of six promises, asked for one at a time. */
const analysisMs = 50;

interface Row {
  readonly path: string;
  readonly body?: object;
  readonly method?: 'POST';
  readonly connections?: number;
}

/** Each is judged over the same hour, and its burn rates over longer windows. */
const promised = ['ttft_p95_s', 'ttft_p99_s', 'itl_p95_s', 'e2e_p99_s', 'queue_p95_s', 'error_rate'];
const slos = promised.map((metric) => ({ name: metric, metric, op: '<', target: 0.1, window_s: 3_600 }));
const window = { instance_id: instance, window_s: 3_600 };

const rows: readonly Row[] = [
  { path: '/livez' },
  { path: '/readyz' },
  { path: '/metrics' },
  { path: '/openapi.json' },
  { path: '/api/v1/health/detailed' },
  { path: '/api/v1/config' },
  { path: '/api/v1/capabilities' },
  { path: '/api/v1/instances' },
  { path: `/api/v1/instances/${instance}` },
  { path: `/api/v1/metrics/vllm/${instance}` },
  { path: `/api/v1/history/${instance}?limit=50` },
  { path: '/api/v1/analyze', method: 'POST', body: { ...window, slos }, connections: 1 },
  { path: '/api/v1/optimize', method: 'POST', body: window, connections: 1 },
];

export const endpoints: Experiment = {
  name: 'endpoints',
  about: `the agent's other endpoints by autocannon, 50 connections; ${storedWorkflows} workflows and ${storedSnapshots} snapshots stored`,
  measure: async (setting) =>
    withAgent(
      setting,
      async ({ url }) => {
        await register(url);
        const readings: Reading[] = [];
        for (const row of rows) readings.push(...(await readingsOf(url, row, setting)));
        return readings;
      },
      { snapshots: storedSnapshots },
    ),
};

/** On a port where nothing listens: it is not to be scraped, only to have its history read. */
async function register(url: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/instances/${instance}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      engine: 'vllm',
      metrics_url: 'http://127.0.0.1:9/metrics',
      config: { '--max-num-seqs': 256 },
    }),
  });
  if (!response.ok) throw new Error(`the agent did not take the instance: ${await response.text()}`);
}

async function readingsOf(
  url: string,
  { path, body, method, connections = 50 }: Row,
  { quick, cores }: Parameters<Experiment['measure']>[0],
): Promise<Reading[]> {
  const run = await autocannon({
    url: `${url}${path}`,
    seconds: quick ? 1 : 2,
    warmUpCpuSeconds: 1,
    connections,
    pin: (command) => onCore(cores, 'generator', command),
    ...(method !== undefined && { method }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const name = `${method ?? 'GET'} ${path.replace(/^\/api\/v1/, '')}`;
  const alone = connections === 1;
  return [
    measured(name, '/s', [run.perSec], run.failed === 0 ? {} : { note: `${run.failed} failed` }),
    ...(alone
      ? [
          measured(
            `${name}: each takes`,
            'ms',
            [1_000 / run.perSec],
            path.endsWith('analyze') ? { bar: below(analysisMs) } : {},
          ),
        ]
      : [measured(`${name}: p99`, 'ms', [run.p99Ms])]),
  ];
}
