/**
 * `npm run calibrate`: what the instrument itself gets wrong on this machine. A reference server whose behaviour is
 * known by construction is measured closed and open, through the `load` fixture in a Playwright worker; every row shows
 * the truth, what was measured, and the difference. The exit code is 1 if the instrument errs beyond its limits.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Beside,
  besideTable,
  type Calibrated,
  calibrated,
  countTable,
  latencyTable,
  verdictOf,
} from './calibration/tables.ts';
import { besideRows, rows, trap } from './calibration/rows.ts';
import type { Held } from './calibration/truth.ts';
import { behaviourNames } from './calibration/behaviours.ts';
import { autocannon, type AutocannonRun } from './children/autocannon.ts';
import type { Server } from './children/child.ts';
import { hasHey, hey } from './children/hey.ts';
import { coresHere, describeCores, onCore } from './children/cores.ts';
import { inWorker } from './children/worker.ts';
import type { Setting } from './experiment.ts';
import { formatFigure } from './figure.ts';
import { describeMachine, thisMachine } from './machine.ts';
import { withReferenceServer } from './servers/start.ts';
import { calibration, progressMark } from './worker/jobs.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);

const passOn = (line: string) => {
  if (line.startsWith(progressMark)) say(line);
};

/**
 * The same rows by hey and autocannon, right after ours: what the field's tools read of the same server at the same
 * rate. A tool that is not installed, or cannot, is left out.
 */
async function besides({ cores }: Setting, { url }: Server, ours: readonly Calibrated[]): Promise<Beside[]> {
  const all: Beside[] = [];
  const pin = (command: readonly string[]) => onCore(cores, 'generator', command);
  for (const row of besideRows) {
    const { load, behaviour } = row;
    if (load.kind !== 'open') continue;
    const index = behaviourNames.indexOf(behaviour);
    const by = async (tool: string, run: (target: string) => Promise<Beside['percentileMs']>) => {
      const path = `${index}/${tool}`;
      const percentileMs = await run(`${url}/row/${path}`);
      const held = (await (await fetch(`${url}/log/${path}`)).json()) as Held;
      all.push({ row, tool, held, percentileMs });
    };
    const own = ours.find((each) => each.row === row)?.figures ?? [];
    all.push({
      ...{ row, tool: 'playload', held: ours.find((each) => each.row === row)?.measurement.held ?? [] },
      percentileMs: (percent) => own.find((figure) => figure.percent === percent)?.measuredMs ?? Number.NaN,
    });
    if (hasHey())
      await by('hey', async (target) => {
        const run = await hey({ url: target, seconds: load.seconds, workers: 50, perSec: load.perSec, pin });
        return run.percentileMs;
      });
    await by('autocannon', async (target) => {
      const { p50Ms, p99Ms } = await autocannon({
        ...{ url: target, seconds: load.seconds, connections: 50, overallRate: load.perSec, pin },
      });
      return (percent) => (percent === 50 ? p50Ms : p99Ms);
    });
  }
  return all;
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

async function calibrate(setting: Setting): Promise<boolean> {
  return withReferenceServer(setting, async (server) => {
    const ask = { url: server.url, pid: server.pid, rows: rows.map((_, at) => at) };
    const { answer } = await inWorker(setting, { job: calibration, ask, onLine: passOn });
    say('');
    const all = rows.flatMap((row, at) => {
      const measurement = answer[at];
      return measurement === undefined ? [] : [calibrated(row, measurement)];
    });
    if (all.length < rows.length) throw new Error(`${rows.length} rows were asked for, ${all.length} came`);
    for (const line of [...latencyTable(all), '', ...countTable(all), '']) say(line);
    say('the same rows in the same run by others, as they report them:');
    for (const line of [...besideTable(await besides(setting, server, all)), '']) say(line);
    const other = await trapped(setting, server);
    say(
      `autocannon at ${trap.load.perSec}/s on the same ${trap.behaviour} server: p50 ${formatFigure(other.p50Ms, 'ms')}, ${other.samples} samples of ${other.requests} requests (its rate correction invents samples)\n`,
    );
    const { right, words } = verdictOf(all);
    say(`verdict: ${words}`);
    return right;
  });
}

async function main(): Promise<number> {
  const asked = process.argv.slice(2);
  if (asked.length > 0) {
    process.stderr.write(
      `\`npm run calibrate\` takes no options, got ${asked.map((word) => `\`${word}\``).join(', ')}\n`,
    );
    return 2;
  }
  const folder = await mkdtemp(join(tmpdir(), 'playload-calibrate-'));
  try {
    const cores = coresHere();
    say(`${describeMachine(thisMachine())}\n${describeCores(cores)}\n`);
    return (await calibrate({ quick: false, cores, folder })) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
