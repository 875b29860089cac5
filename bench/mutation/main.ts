/**
 * `npm run mutate`: changes the code of a room in each of thousands of small ways, and asks whether a unit test notices.
 * Prints what none noticed and a table of the rooms; the exit code is 1 if a room is below the bar. Names of rooms or of
 * their files after it put only these to the proof.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { rootFolder } from '../children/programs.ts';
import { leastKilled, leftOut, mutatedRooms } from './rooms.ts';
import { killedShare, scoreOf, scoreTable, survivorLines } from './score.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Nothing that the tests of the rooms read: it is not copied for them. */
const elsewhere = [
  'deploy',
  'examples',
  'server',
  'specs',
  'dist',
  'test-results',
  'load-results',
  'playwright-report',
  'blob-report',
];

async function mutate(wanted: readonly string[]): Promise<number> {
  const beganAt = performance.now();
  process.chdir(rootFolder);
  process.env['NODE_OPTIONS'] = '--import tsx'; // its children read our TypeScript too
  const results = await new Stryker({
    mutate: wanted.flatMap((each) => (each.endsWith('.ts') ? [each] : [`${each}/**/*.ts`, `!${each}/**/*.test.ts`])),
    plugins: [join(rootFolder, 'bench/mutation/unit-runner.ts')],
    testRunner: 'unit',
    coverageAnalysis: 'perTest',
    timeoutFactor: 0.5, // most are asked the short tests alone
    timeoutMS: 20_000, // the runner has limits of its own, which end a test and not a process
    dryRunTimeoutMinutes: 30, // on a busy machine
    concurrency: Math.min(4, availableParallelism()),
    ignorePatterns: elsewhere,
    tempDirName: 'node_modules/.cache/mutation',
    reporters: ['progress-append-only', 'html', 'json'],
    htmlReporter: { fileName: 'load-results/mutation/index.html' },
    jsonReporter: { fileName: 'load-results/mutation/mutation.json' },
    allowConsoleColors: false,
  }).runMutationTest();
  const mutants = results.map((result) => ({ ...result, fileName: relative(rootFolder, result.fileName) }));
  const scores = mutatedRooms.map((room) => scoreOf(room, mutants)).filter((score) => killedShare(score) !== undefined);
  say(`\nnoticed by no test:`);
  for (const line of survivorLines(mutants, (file) => readFileSync(join(rootFolder, file), 'utf8'))) say(`  ${line}`);
  say('');
  for (const line of scoreTable(scores, leastKilled)) say(line);
  say('\nall kinds of mutants were tried; these unit tests did not run:');
  for (const [file, why] of Object.entries(leftOut)) say(`  ${file}: ${why}`);
  say(`written: load-results/mutation/index.html (${Math.round((performance.now() - beganAt) / 1_000)} s)`);
  return scores.every((score) => (killedShare(score) ?? 0) >= leastKilled) ? 0 : 1;
}

const wanted = process.argv.slice(2);
process.exitCode = await mutate(wanted.length > 0 ? wanted : mutatedRooms);
