/**
 * `npm run calibrate`: what the instrument itself gets wrong on this machine. A reference server whose behaviour is
 * known by construction is measured closed and open, through the `load` fixture in a Playwright worker; every row shows
 * the truth, what was measured, and the difference. The exit code is 1 if the instrument errs beyond its limits.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { besides, besideTable } from './calibration/beside.ts';
import { breakingPoints } from './calibration/breaking-points.ts';
import { capacityNames } from './calibration/capacities.ts';
import { countComparisons } from './calibration/comparisons.ts';
import { countRecoveries } from './calibration/recoveries.ts';
import { isWithin, simulatedRows, simulatedTable } from './calibration/simulated/verdicts.ts';
import { calibrated, countTable, latencyTable, verdictOf } from './calibration/tables.ts';
import { rows, trap } from './calibration/rows.ts';
import { behaviourNames } from './calibration/behaviours.ts';
import { autocannon, type AutocannonRun } from './children/autocannon.ts';
import type { Server } from './children/child.ts';
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

async function calibrateBreakingPoints(setting: Setting, times: number, only: readonly string[]): Promise<boolean> {
  const { lines, right } = await breakingPoints(setting, { times, only }, say);
  for (const line of ['', ...lines, '']) say(line);
  say(`verdict: ${right ? 'every answer is within its limits' : 'an answer is beyond its limits'}`);
  return right;
}

async function calibrateComparisons(setting: Setting, times: number): Promise<boolean> {
  const { lines, right } = await countComparisons(setting, times, say);
  for (const line of ['', ...lines, '']) say(line);
  say(`verdict: ${right ? 'comparisons are as often right as they should be' : 'comparisons err too often'}`);
  return right;
}

async function calibrateRecoveries(setting: Setting, times: number): Promise<boolean> {
  const { lines, right } = await countRecoveries(setting, times, say);
  for (const line of ['', ...lines, '']) say(line);
  say(`verdict: ${right ? 'every answer is within one window' : 'an answer is beyond one window'}`);
  return right;
}

/** No server and no clock: the same each time. */
async function calibrateSimulated(): Promise<boolean> {
  const rows = simulatedRows();
  const right = rows.every(isWithin);
  for (const line of [...simulatedTable(rows), '']) say(line);
  say(`verdict: ${right ? 'no verdict is wrong more often than it may be' : 'a verdict is wrong too often'}`);
  return Promise.resolve(right);
}

/** What there is to calibrate, each for so many times; without a word it is the latencies and counts, once. */
const sections = {
  latency: calibrate,
  'breaking-point': calibrateBreakingPoints,
  compare: calibrateComparisons,
  recovery: calibrateRecoveries,
  simulated: calibrateSimulated,
} as const satisfies Readonly<
  Record<string, (setting: Setting, times: number, only: readonly string[]) => Promise<boolean>>
>;

type Section = keyof typeof sections;

interface Asked {
  readonly section: Section;
  readonly times: number;
  /** Servers of known capacity; all where it is empty. */
  readonly only: readonly string[];
}

/** `breaking-point 5 limiter`; in words what is wrong. */
function readSection(words: readonly string[]): Asked | string {
  const [section = 'latency', times = '1', ...only] = words;
  const known = Object.keys(sections).join(', ');
  const servers: readonly string[] = section === 'breaking-point' ? capacityNames : [];
  if (!Object.hasOwn(sections, section) || !/^[1-9]\d?$/.test(times) || only.some((name) => !servers.includes(name)))
    return `\`npm run calibrate\` takes what to calibrate (${known}), how many times, and with \`breaking-point\` which servers (${capacityNames.join(', ')}), such as \`breaking-point 5 queue\`; got \`${words.join(' ')}\``;
  return { section: section as Section, times: Number(times), only };
}

async function main(): Promise<number> {
  const asked = readSection(process.argv.slice(2));
  if (typeof asked === 'string') {
    process.stderr.write(`${asked}\n`);
    return 2;
  }
  const folder = await mkdtemp(join(tmpdir(), 'playload-calibrate-'));
  try {
    const cores = coresHere();
    say(`${describeMachine(thisMachine())}\n${describeCores(cores)}\n`);
    const setting = { quick: false, cores, folder, node: process.execPath };
    return (await sections[asked.section](setting, asked.times, asked.only)) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
