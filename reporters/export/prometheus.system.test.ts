/** What a real Prometheus makes of what is exported, and a real push gateway. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { debianProgram, type Monitor, monitors, queried } from '../../testing/prometheus.ts';
import { sampleReport, sampleRun } from '../../testing/page-run.ts';
import type { ReportedRun } from '../reported-run.ts';
import { familiesOf } from './families.ts';
import { flatSeries } from './flat-series.ts';
import { openMetricsText } from './open-metrics.ts';
import { prometheusText } from './prometheus-text.ts';
import { sendersOf } from './send-results.ts';

const { prometheus, pushgateway, folder } = monitors();
const run = promisify(execFile);

/** 30 s that began so long ago. */
function runOf(agoMs: number): ReportedRun {
  const report = sampleReport(sampleRun({ seconds: 30, perSecond: 40 }));
  const startMs = Date.now() - agoMs;
  const [segment] = report.data.segments;
  if (segment !== undefined) report.data.segments[0] = { ...segment, startedAtEpochMs: startMs };
  return { ...report, summary: { ...report.summary, startedAt: new Date(startMs).toISOString() } };
}

const endSecOf = ({ data: { segments } }: ReportedRun) =>
  ((segments[0]?.startedAtEpochMs ?? 0) + (segments[0]?.durationMs ?? 0)) / 1_000;

/** The one value of a query at the end of the run. */
async function valueOf(monitor: Monitor, run: ReportedRun, query: string): Promise<number> {
  const results = await queried(monitor, 'query', { query, time: String(endSecOf(run)) });
  return Number(results[0]?.value?.[1]);
}

/** What the summary says, Prometheus says too. */
async function expectWhole(monitor: Monitor, sent: ReportedRun): Promise<void> {
  const { summary } = sent;
  const ok = await valueOf(monitor, sent, 'sum(playload_requests_total{job="playload",outcome="ok"})');
  expect(ok).toBe(summary.requests.ok);
  const counted = await valueOf(monitor, sent, 'sum(http_client_request_duration_seconds_count)');
  expect(counted).toBe((summary.responseMs ?? summary.serviceMs)?.count);
  const p95 = 'histogram_quantile(0.95, sum by (le) (http_client_request_duration_seconds_bucket))';
  const exactMs = (summary.responseMs ?? summary.serviceMs)?.p95 ?? 0;
  const sec = await valueOf(monitor, sent, p95);
  expect(sec * 1_000).toBeGreaterThan(exactMs / 2.5); // a bucket is that wide
  expect(sec * 1_000).toBeLessThan(exactMs * 2.5);
  expect(await valueOf(monitor, sent, `playload_run_verdict{verdict="${summary.verdict}"}`)).toBe(1);
  const rises = await queried(monitor, 'query_range', {
    query: 'sum(increase(playload_requests_total{outcome="ok"}[5s]))',
    start: String(endSecOf(sent) - 25),
    end: String(endSecOf(sent)),
    step: '1',
  });
  const seconds = (rises[0]?.values ?? []).filter(([, value]) => Number(value) > 0);
  expect(seconds.length, 'it rises as the run goes on').toBeGreaterThan(20);
}

test('remote write: Prometheus has each family, every point, and the figures of the summary', async () => {
  const monitor = await prometheus();
  const sent = runOf(120_000);
  for (const { send } of sendersOf({ remoteWrite: monitor.url })) await send({ runs: [sent] });
  await expectWhole(monitor, sent);
  const results = await queried(monitor, 'query', { query: '{job="playload"}', time: String(endSecOf(sent)) });
  const there = new Set(results.map(({ metric }) => metric['__name__']));
  const names = familiesOf({ runs: [sent] }).flatMap((family) => flatSeries(family, {}).map(({ name }) => name));
  expect([...there].sort()).toEqual([...new Set(names)].sort());
});

test('remote write twice, as after two nights: the second goes on from zero', async () => {
  const monitor = await prometheus();
  const [first, second] = [runOf(1_800_000), runOf(120_000)];
  for (const each of [first, second])
    for (const { send } of sendersOf({ remoteWrite: { url: monitor.url, labels: { env: 'staging' } } }))
      await send({ runs: [each] });
  const query = 'sum(increase(playload_requests_total{env="staging",outcome="ok"}[1h]))';
  const both = await valueOf(monitor, second, query);
  const exact = first.summary.requests.ok + second.summary.requests.ok;
  expect(Math.abs(both - exact) / exact).toBeLessThan(0.1); // `increase` extrapolates
});

test('remote write of what is long over: Prometheus takes it where its window for that is open, else it is told', async () => {
  const [recent, old] = [runOf(60_000), runOf(5 * 3_600_000)];
  const open = await prometheus({ outOfOrder: '1d' });
  const closed = await prometheus();
  for (const monitor of [open, closed])
    for (const { send } of sendersOf({ remoteWrite: monitor.url })) await send({ runs: [recent] });
  for (const { send } of sendersOf({ remoteWrite: closed.url }))
    await expect(send({ runs: [old] })).rejects.toThrow(/answered 400: out of bounds/);
  for (const { send } of sendersOf({ remoteWrite: open.url })) await send({ runs: [old] });
  await expectWhole(open, old);
});

test('OpenMetrics: promtool makes blocks of a run of last year, and Prometheus reads them', async () => {
  const own = await folder();
  const sent = runOf(300 * 86_400_000);
  const file = join(own, 'metrics.openmetrics.txt');
  await writeFile(file, openMetricsText({ runs: [sent] }));
  await run(await debianProgram('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', file, join(own, 'data')]);
  await expectWhole(await prometheus({ data: join(own, 'data') }), sent);
});

test('promtool has nothing to say against the text', async () => {
  const text = prometheusText({ runs: [runOf(0)] });
  const promtool = await debianProgram('promtool');
  const checked = run('/bin/sh', ['-c', `"${promtool}" check metrics`]);
  checked.child.stdin?.end(text);
  const { stdout, stderr } = await checked;
  expect(`${stdout}${stderr}`).toBe('');
});

test('a push gateway takes the text, replaces it with the next, and Prometheus scrapes it', async () => {
  const gateway = await pushgateway();
  const monitor = await prometheus({ scrapes: gateway.url });
  for (const name of ['before', 'after']) {
    const sent = runOf(60_000);
    const named = { ...sent, summary: { ...sent.summary, title: ['a.spec.ts', name] } };
    for (const { send } of sendersOf({ pushgateway: gateway.url })) await send({ runs: [named] });
  }
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(metrics).toContain('run="a.spec.ts › after"');
  expect(metrics).not.toContain('run="a.spec.ts › before"');
  const query = 'playload_run_verdict{job="playload"}';
  await expect.poll(async () => (await queried(monitor, 'query', { query })).length, { timeout: 20_000 }).toBe(6);
});
