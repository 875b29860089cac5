/** Measures the reference server as any load test would measure any server. */
import { arrivals, iterations, type LoadRun, type Profile, test } from '../../load/index.ts';
import { partOf } from '../../load/load-run.ts';
import { behaviourNames } from '../calibration/behaviours.ts';
import { describeRow, type Row, rows } from '../calibration/rows.ts';
import type { Held } from '../calibration/truth.ts';
import type { Measurement } from '../calibration/verdict.ts';
import { frozenDuring } from './freeze.ts';
import { calibration, progressMark } from './jobs.ts';

test('rows', async ({ load }) => {
  const { url, pid, rows: asked } = calibration.ask();
  const measurements: Measurement[] = [];
  const once = load(iterations(500, { users: 10 }), ({ request }) => request.get(`${url}/row/0/warm-up`), {
    unjudged: true,
  });
  await once; // compiled and connected
  for (const number of asked) {
    const row = rows[number];
    if (row === undefined) throw new Error(`there is no row ${number}`);
    process.stdout.write(`${progressMark}${describeRow(row)}\n`);
    const path = `${behaviourNames.indexOf(row.behaviour)}/${number}`;
    const freeze = row.freeze && { pid, ...row.freeze };
    const run = await frozenDuring(freeze, () =>
      load(profileOf(row), async ({ request }) => request.get(`${url}/row/${path}`, { name: 'row' }), {
        unjudged: true,
        whenSaturated: 'warn', // the calibration says so in its own verdict
        resend: 'never', // a reset is to be a failure, also where the connection had rested before
        ...(row.timeoutMs !== undefined && { requestTimeout: `${row.timeoutMs}ms` }),
      }),
    );
    const held = (await (await fetch(`${url}/log/${path}`)).json()) as Held;
    measurements.push(measurementOf(row, run, held));
  }
  calibration.answer(measurements);
});

function profileOf({ load }: Row): Profile {
  return load.kind === 'closed'
    ? iterations(load.requests, { users: load.users })
    : arrivals(`${load.perSec}/s`).for(`${load.seconds}s`);
}

function measurementOf({ load, percentiles }: Row, run: LoadRun, held: Held): Measurement {
  const endpoint = partOf(run).data.endpoints.get('row');
  const latency = load.kind === 'open' ? endpoint?.response : endpoint?.service;
  const { generator } = run.judgement;
  const errors: Record<string, number> = {};
  for (const { kind, count } of run.figures.errors) errors[kind] = (errors[kind] ?? 0) + count;
  return {
    counts: run.requests,
    errors,
    percentilesMs: percentiles.map((percent) => latency?.percentileMs(percent) ?? Number.NaN),
    ...(run.lagMs !== undefined && { lagMs: { p50: run.lagMs.p50, p99: run.lagMs.p99 } }),
    held,
    generator: { verdict: generator.verdict, reason: generator.reason },
  };
}
