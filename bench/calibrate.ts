/**
 * `npm run calibrate`: what the instrument itself gets wrong on this machine. A reference server whose behaviour is
 * known by construction is measured closed and open, through the `load` fixture in a Playwright worker; every row shows
 * the truth, what was measured, and the difference. The exit code is 1 if the instrument errs beyond its limits.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calibrationLimits, countProblems, type Figure, figuresOf, type Measurement } from './calibration/verdict.ts';
import { describeRow, type Row, rows, trap } from './calibration/rows.ts';
import { behaviourNames } from './calibration/behaviours.ts';
import { truthOf } from './calibration/truth.ts';
import { autocannon, type AutocannonRun } from './children/autocannon.ts';
import type { Server } from './children/child.ts';
import { coresHere, describeCores, onCore } from './children/cores.ts';
import { inWorker } from './children/worker.ts';
import type { Setting } from './experiment.ts';
import { formatFigure } from './figure.ts';
import { describeMachine, thisMachine } from './machine.ts';
import { withReferenceServer } from './servers/start.ts';
import { alignedTable } from './table.ts';
import { calibration } from './worker/jobs.ts';

interface Calibrated {
  readonly row: Row;
  readonly measurement: Measurement;
  readonly figures: readonly Figure[];
  readonly problems: readonly string[];
}

const say = (line: string) => void process.stdout.write(`${line}\n`);
const ms = (value: number) => formatFigure(value, 'ms');
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

function calibrated(row: Row, measurement: Measurement): Calibrated {
  const truth = truthOf(row);
  return {
    row,
    measurement,
    figures: figuresOf(row, truth, measurement),
    problems: countProblems(truth, measurement),
  };
}

function latencyTable(all: readonly Calibrated[]): string[] {
  const heads = ['load and server', 'figure', 'true', 'measured', 'error ms', 'error %', 'limit', ''];
  const cells = all.flatMap(({ row, figures }) =>
    figures.map(({ percent, trueMs, measuredMs, errorMs, errorPercent, limitMs, within }) => [
      describeRow(row),
      `p${percent}`,
      ms(trueMs),
      ms(measuredMs),
      signed(errorMs),
      errorPercent === undefined ? '' : signed(errorPercent),
      `± ${ms(limitMs)}`,
      within ? '✓' : '✗ errs',
    ]),
  );
  return alignedTable(heads, cells, 1);
}

function countTable(all: readonly Calibrated[]): string[] {
  const heads = [
    'load and server',
    'scheduled',
    'started',
    'ok',
    'failed',
    'timed out',
    'seen',
    'lag p50',
    'lag p99',
    '',
  ];
  const cells = all.map(({ row, measurement: { counts, seen, lagMs }, problems }) => [
    describeRow(row),
    ...[counts.scheduled, counts.started, counts.ok, counts.failed, counts.timedOut, seen].map(String),
    ...(lagMs === undefined ? ['', ''] : [ms(lagMs.p50), ms(lagMs.p99)]),
    problems.length === 0 ? '✓ exact' : `✗ ${problems.join('; ')}`,
  ]);
  return alignedTable(heads, cells, 1);
}

/** For comparison only: who corrects samples by the wrong unit reads a server better than it is. */
async function trapped({ cores }: Setting, { url }: Server): Promise<AutocannonRun> {
  const { load, behaviour } = trap;
  return autocannon({
    url: `${url}/row/${behaviourNames.indexOf(behaviour)}/trap`,
    seconds: load.seconds,
    connections: load.perSec,
    overallRate: load.perSec,
    pin: (command) => onCore(cores, 'generator', command),
  });
}

function verdict(all: readonly Calibrated[]): string | undefined {
  const errs = all.flatMap(({ figures }) => figures).filter(({ within }) => !within).length;
  const wrong = all.filter(({ problems }) => problems.length > 0).length;
  if (errs === 0 && wrong === 0) return undefined;
  return `${errs} figures err beyond their limits, the counts of ${wrong} rows are not what they must be`;
}

async function calibrate(setting: Setting): Promise<boolean> {
  return withReferenceServer(setting, async (server) => {
    const ask = { url: server.url, pid: server.pid, rows: rows.map((_, at) => at) };
    const { answer } = await inWorker(setting, { job: calibration, ask });
    const all = rows.flatMap((row, at) => {
      const measurement = answer[at];
      return measurement === undefined ? [] : [calibrated(row, measurement)];
    });
    if (all.length < rows.length) throw new Error(`${rows.length} rows were asked for, ${all.length} came`);
    for (const line of [...latencyTable(all), '', ...countTable(all), '']) say(line);
    const other = await trapped(setting, server);
    say(
      `autocannon at ${trap.load.perSec}/s on the same ${trap.behaviour} server: p50 ${ms(other.p50Ms)}, ${other.samples} samples of ${other.requests} requests (its rate correction invents samples)\n`,
    );
    const wrong = verdict(all);
    say(
      wrong === undefined
        ? `verdict: the instrument is right on this machine: medians within ${calibrationLimits.closedMedianMs} ms (closed) and ${calibrationLimits.openMedianMs} ms (open), tails within ${calibrationLimits.tailMs} ms or ${calibrationLimits.share * 100} %, every request accounted for`
        : `verdict: the instrument ERRS on this machine: ${wrong}`,
    );
    return wrong === undefined;
  });
}

const folder = await mkdtemp(join(tmpdir(), 'playload-calibrate-'));
try {
  const cores = coresHere();
  say(`${describeMachine(thisMachine())}\n${describeCores(cores)}\n`);
  process.exitCode = (await calibrate({ quick: false, cores, folder })) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
