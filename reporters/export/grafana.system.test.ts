/** The dashboard of deploy/grafana asks a real Prometheus for what was really sent there: no panel is empty. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { everything } from '../../testing/exported-everything.ts';
import { type Monitor, monitors, queried } from '../../testing/prometheus.ts';
import { familiesOf } from './families.ts';
import { sendersOf } from './send-results.ts';

interface Target {
  readonly expr: string;
  readonly instant: boolean;
}

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly Target[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

const { prometheus } = monitors();
const { runs, findings, endSec } = everything({ agoMs: 90_000 });

async function dashboard(): Promise<Dashboard> {
  const file = join(import.meta.dirname, '../../deploy/grafana/playload.json');
  return JSON.parse(await readFile(file, 'utf8')) as Dashboard;
}

async function filled(): Promise<Monitor> {
  const monitor = await prometheus();
  for (const { send } of sendersOf({ remoteWrite: monitor.url })) await send({ runs, findings });
  return monitor;
}

/** What Grafana puts in, with all of every list chosen and the time range of the run. */
const values: Readonly<Record<string, string>> = {
  job: '.*',
  project: '.*',
  run: '.*',
  endpoint: '.*',
  test: '.*',
  window: '5s',
  __range: '60s',
  __interval: '60s',
};

function put(expression: string): string {
  return expression.replaceAll(/\$(\w+)/g, (whole, name: string) => values[name] ?? whole);
}

/** Panels with a query that finds nothing but holes, or that Prometheus does not understand. */
async function emptyPanels(monitor: Monitor, panels: readonly Panel[]): Promise<string[]> {
  const empty: string[] = [];
  for (const { title, targets = [] } of panels)
    for (const { expr, instant } of targets)
      if (!(await hasValues(monitor, put(expr), instant))) empty.push(`${title}: ${expr}`);
  return empty;
}

async function hasValues(monitor: Monitor, query: string, instant: boolean): Promise<boolean> {
  const results = instant
    ? await queried(monitor, 'query', { query, time: String(endSec + 1) })
    : await queried(monitor, 'query_range', {
        query,
        start: String(endSec - 29),
        end: String(endSec + 1),
        step: '1',
      });
  const found = results.flatMap(({ value, values: many = [] }) => (value === undefined ? many : [value]));
  return found.some(([, text]) => Number.isFinite(Number(text)));
}

test('each query of each panel finds values in Prometheus', async () => {
  const monitor = await filled();
  const { panels } = await dashboard();
  expect(panels.filter(({ type }) => type !== 'row').every(({ targets = [] }) => targets.length > 0)).toBe(true);
  expect(await emptyPanels(monitor, panels)).toEqual([]);
  const misspelt = {
    title: 'misspelt',
    type: 'stat',
    targets: [{ expr: 'sum(playload_request_total)', instant: true }],
  };
  expect(await emptyPanels(monitor, [misspelt])).toHaveLength(1);
});

test('each list to choose from has an entry', async () => {
  const monitor = await filled();
  const { templating } = await dashboard();
  const lists = templating.list.filter(({ type }) => type === 'query');
  expect(lists.map(({ name }) => name)).toEqual(['job', 'project', 'run', 'endpoint', 'test']);
  for (const { name, definition = '' } of lists) {
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(definition) ?? [];
    const query = new URLSearchParams({ 'match[]': put(selector) }).toString();
    const answer = (await (await fetch(`${monitor.url}/api/v1/label/${label}/values?${query}`)).json()) as {
      data: string[];
    };
    expect(answer.data, name).not.toEqual([]);
  }
});

test('each family that is exported is on the dashboard', async () => {
  const text = JSON.stringify(await dashboard());
  const names = familiesOf({ runs, findings }).map(({ name }) => name);
  expect(names.filter((name) => !text.includes(name) && !name.startsWith('playload_finding_'))).toEqual([]);
});
