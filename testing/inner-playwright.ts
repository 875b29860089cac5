/**
 * For tests: runs a spec with a real `playwright test` in a process of its own, and reads what came of it from the JSON
 * report, runs included.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { JSONReport, JSONReportSuite, JSONReportTestStep } from '@playwright/test/reporter';
import { payloadAttachment, type RunPayload } from '../load/measure/payload.ts';
import { decodeRun } from '../load/measure/decode-run.ts';
import type { RunData } from '../load/measure/run-data.ts';
import type { StepCounts } from './step-counter.ts';
import { togetherPath } from './together.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const index = pathToFileURL(join(root, 'load/index.ts')).pathname;
const names = 'test as plain, expect, arrivals, batch, feeder, iterations, mix, rounds, users';

/**
 * The machine of these tests may be busy with others: a load whose own generator is to be judged says so, and the cores of
 * one that lasts for as long as its iterations take are under way together.
 */
const unhurried = `
import { together } from ${JSON.stringify(togetherPath)};
const test = plain.extend({
  load: async ({ load, loadCores }, use, info) => {
    let loads = 0;
    const unhurried = (profile, scenario, options) => {
      const cores = options?.cores ?? loadCores;
      const what = JSON.stringify([info.titlePath, info.retry, info.repeatEachIndex, loads++]);
      const isShort = cores > 1 && profile?.isTimed !== undefined && profile.durationMs === undefined;
      const all = isShort ? together(scenario, { folder: import.meta.dirname, what, cores }) : scenario;
      return load(profile, all, { whenSaturated: 'warn', ...options });
    };
    await use(Object.assign(unhurried, load));
  },
});
`;

export interface InnerOptions {
  readonly baseURL: string;
  /** A share of a load (`LOAD_SHARD`) gets the load reporter that it needs, unless `NO_LOAD_REPORTER` is `1`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly retries?: number;
  /** Most file handles that each of its processes may have (`ulimit -n`). */
  readonly openFiles?: number;
  /** Looks on while it runs, and may send it a signal. */
  readonly during?: (runner: ChildProcess) => Promise<void>;
}

/** One attempt of one test. */
export interface InnerResult {
  readonly title: string;
  readonly status: string;
  /** Messages without colours, in their order. */
  readonly errors: string;
  /** Of each error the line of the spec that Playwright points at; of another file its name and line. */
  readonly errorLines: readonly string[];
  /** Of all errors, without their messages. */
  readonly errorFrames: readonly string[];
  readonly steps: readonly string[];
  /** Steps that came to a reporter, by category. */
  readonly stepCounts: Readonly<Record<string, number>>;
  /** Those within steps too, each before what is in it. */
  readonly allSteps: readonly string[];
  readonly runs: readonly RunData[];
}

export interface InnerRun {
  readonly exitCode: number | null;
  readonly results: readonly InnerResult[];
  /** How Playwright counts the tests. */
  readonly stats: JSONReport['stats'];
}

/** `spec` is the body of a spec file; the public names of the library are there, and a `load` that forgives a busy machine. */
export async function runSpec(
  spec: string,
  { baseURL, env = {}, retries = 0, openFiles, during }: InnerOptions,
): Promise<InnerRun> {
  const folder = await mkdtemp(join(tmpdir(), 'playload-'));
  try {
    const report = join(folder, 'report.json');
    const counts = join(folder, 'steps.json');
    const config = {
      testDir: '.',
      workers: 1,
      retries,
      use: { baseURL },
      reporter: [
        ['json', { outputFile: report }],
        [join(root, 'testing/step-counter.ts'), { outputFile: counts }],
        ...(env['LOAD_SHARD'] === undefined || env['NO_LOAD_REPORTER'] === '1'
          ? []
          : [[join(root, 'reporters/load-reporter.ts'), { outputFolder: folder, terminal: 'off', html: false }]]),
      ],
    };
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'playwright.config.ts'), `export default ${JSON.stringify(config)};`);
    const source = `import { ${names} } from ${JSON.stringify(index)};${unhurried}${spec}`;
    await writeFile(join(folder, 'inner.spec.ts'), source);
    const command = [process.execPath, join(root, 'node_modules/@playwright/test/cli.js'), 'test', '-c', folder];
    const limited = openFiles === undefined ? [] : ['bash', '-c', `ulimit -n ${openFiles} && exec "$0" "$@"`];
    const [program = '', ...args] = [...limited, ...command];
    const runner = spawn(program, args, {
      cwd: root,
      env: { ...bareEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: Buffer[] = [];
    for (const stream of [runner.stdout, runner.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
    const ended = once(runner, 'close');
    await during?.(runner);
    await ended;
    const text = await readFile(report, 'utf8').catch((cause: unknown) => {
      throw new Error(`no report was written; it said:\n${Buffer.concat(said).toString()}`, { cause });
    });
    const { suites, stats } = JSON.parse(text) as JSONReport;
    const stepCounts = JSON.parse(await readFile(counts, 'utf8')) as StepCounts;
    return {
      exitCode: runner.exitCode,
      results: suites.flatMap((suite) => resultsOf(suite, { stepCounts, source })),
      stats,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Without what the outer test runner and its loads say of themselves. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const own = /^(?:TEST_|PLAYWRIGHT_|PW_|LOAD_|SERVER_PID$|BASE_URL$|FORCE_COLOR$|CI$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

interface KnownOfRun {
  readonly stepCounts: StepCounts;
  /** Text of the spec. */
  readonly source: string;
}

function resultsOf({ specs, suites = [] }: JSONReportSuite, known: KnownOfRun): InnerResult[] {
  const { stepCounts, source } = known;
  const own = specs.flatMap(({ title, tests }) =>
    tests.flatMap(({ results }) =>
      results.map(({ status = 'unknown', errors, steps = [], attachments }) => ({
        title,
        status,
        errors: errors.map(({ message }) => message.replace(colours, '')).join('\n'),
        errorLines: errors.map(({ location }) => lineOf(location, source)),
        errorFrames: errors.flatMap(({ message }) =>
          message.split('\n').flatMap((line) => /^ {4}at (.*)$/.exec(line.replace(colours, ''))?.[1] ?? []),
        ),
        steps: steps.map((step) => step.title),
        stepCounts: stepCounts[title] ?? {},
        allSteps: steps.flatMap(titlesOf),
        runs: attachments.filter(({ name }) => name === payloadAttachment).map(({ body = '' }) => runOf(body)),
      })),
    ),
  );
  return [...own, ...suites.flatMap((suite) => resultsOf(suite, known))];
}

function lineOf(place: { readonly file: string; readonly line: number } | undefined, source: string): string {
  if (place === undefined) return 'nowhere';
  if (basename(place.file) !== 'inner.spec.ts') return `${place.file}:${place.line}`;
  return source.split('\n')[place.line - 1]?.trim() ?? `line ${place.line}`;
}

function titlesOf({ title, steps = [] }: JSONReportTestStep): string[] {
  return [title, ...steps.flatMap(titlesOf)];
}

// Escape sequences of a terminal.
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

function runOf(base64: string): RunData {
  return decodeRun(JSON.parse(Buffer.from(base64, 'base64').toString()) as RunPayload);
}
