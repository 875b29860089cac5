/**
 * `npm run bench`: the figures the project promises, each held against its bar, in one run. Prints a table, writes
 * `load-results/bench.json`. A missed bar is shown as missed; the exit code is 1 only if an experiment broke, or with
 * `--strict` if a bar was missed.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OptionsError } from '../load/options-error.ts';
import { coresHere, describeCores } from './children/cores.ts';
import { rootFolder } from './children/programs.ts';
import { nodeVersion, type OtherNode } from './children/nodes.ts';
import type { Experiment, Setting } from './experiment.ts';
import { experiments } from './experiments/all.ts';
import { type Judged, judge } from './judge.ts';
import { describeMachine, thisMachine } from './machine.ts';
import { type BenchOptions, readOptions } from './options.ts';
import type { Reading } from './reading.ts';
import { noteLines, tableLines } from './table.ts';

type Done = { readonly experiment: Experiment } & (
  | { readonly kind: 'done'; readonly seconds: number; readonly rows: readonly Judged[] }
  | { readonly kind: 'broken'; readonly reason: string }
);

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function carryOut(experiment: Experiment, setting: Setting, others: readonly OtherNode[]): Promise<Done> {
  const beganAt = performance.now();
  try {
    const rows = (await readingsUnderEach(experiment, setting, others)).map(judge);
    return { experiment, kind: 'done', seconds: Math.round((performance.now() - beganAt) / 100) / 10, rows };
  } catch (error) {
    return { experiment, kind: 'broken', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Generators are compared under each Node, and then each row says under which. */
async function readingsUnderEach(
  { measure, ofGenerators = false }: Experiment,
  setting: Setting,
  others: readonly OtherNode[],
): Promise<readonly Reading[]> {
  if (!ofGenerators || others.length === 0) return measure(setting);
  const all: Reading[] = [];
  for (const { path, version } of [{ path: setting.node, version: process.version }, ...others]) {
    const readings = await measure({ ...setting, node: path });
    all.push(...readings.map((reading) => ({ ...reading, what: `${version}: ${reading.what}` })));
  }
  return all;
}

function show(done: Done): void {
  if (done.kind === 'broken') {
    say(`  broken: ${done.reason}\n`);
    return;
  }
  for (const line of [...tableLines(done.rows), ...noteLines(done.rows)]) say(line);
  say(`  (${done.seconds} s)\n`);
}

async function bench({ only, quick, strict, nodes }: BenchOptions): Promise<number> {
  const machine = thisMachine();
  const cores = coresHere();
  say(`${describeMachine(machine)}\n${describeCores(cores)}\n`);
  const folder = await mkdtemp(join(tmpdir(), 'playload-bench-'));
  const all: Done[] = [];
  try {
    for (const experiment of experiments.filter(({ name }) => only.includes(name))) {
      say(`${experiment.name}: ${experiment.about}`);
      const done = await carryOut(experiment, { quick, cores, folder, node: process.execPath }, nodes);
      show(done);
      all.push(done);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const file = join(rootFolder, 'load-results', 'bench.json');
  await mkdir(join(rootFolder, 'load-results'), { recursive: true });
  await writeFile(file, `${JSON.stringify(resultOf(all, { machine, cores, quick }), undefined, 2)}\n`);
  const rows = all.flatMap((done) => (done.kind === 'done' ? done.rows : []));
  const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
  const broken = all.filter(({ kind }) => kind === 'broken').length;
  say(
    `${count('met')} bars met, ${count('missed')} missed, ${count('not measured')} not measured, ${broken} experiments broken`,
  );
  say(`written: load-results/bench.json`);
  return broken > 0 || (strict && count('missed') > 0) ? 1 : 0;
}

/** Schema `playload.bench/1`. */
function resultOf(all: readonly Done[], around: object): object {
  return {
    schema: 'playload.bench/1',
    finishedAt: new Date().toISOString(),
    ...around,
    experiments: all.map((done) =>
      done.kind === 'broken'
        ? { name: done.experiment.name, broken: done.reason }
        : {
            name: done.experiment.name,
            about: done.experiment.about,
            seconds: done.seconds,
            rows: done.rows.map(({ reading, outcome, spread, ofBar }) => ({ ...reading, outcome, ...spread, ofBar })),
          },
    ),
  };
}

function usage(): string {
  const names = experiments.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`);
  return `npm run bench -- [--only name[,name]] [--quick] [--strict] [--node path]…\n\n${names.join('\n')}`;
}

try {
  const options = readOptions(process.argv.slice(2), { experiments: experiments.map(({ name }) => name), nodeVersion });
  if (options.help) say(usage());
  else process.exitCode = await bench(options);
} catch (error) {
  if (!(error instanceof OptionsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
