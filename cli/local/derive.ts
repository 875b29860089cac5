/** Runs inside Playwright: turns the user's configuration into that of a part of `playload local`. */
import { extname, join } from 'node:path';
import type { PlaywrightTestConfig, ReporterDescription } from '@playwright/test';
import { omit } from '../../load/omit.ts';
import { isLoadReporter, loadReporter } from '../load-reporter.ts';
import { blobsIn, type Part, partVariable } from './part.ts';

const here = import.meta.dirname;
const extension = extname(import.meta.filename);
const holdServers = join(here, `hold-servers${extension}`);

/** `loaded`: the module of the user's configuration. */
export function derive(loaded: unknown): PlaywrightTestConfig {
  const part = JSON.parse(process.env[partVariable] ?? '') as Part;
  const config = exportOf(loaded) as PlaywrightTestConfig;
  const options = optionsOfLoadReporter(config, part.config);
  if (part.role === 'servers') return forServers(config, part.folder);
  endWithParent(part.parent);
  return forShard(config, part, options);
}

/** As Playwright reads it, from whichever kind of module. */
function exportOf(loaded: unknown): unknown {
  const inner = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'default' in value ? inner(value.default) : value;
  return inner(loaded);
}

/** A runner whose parent was killed has nobody left to report to. */
function endWithParent(parent: number): void {
  if (process.ppid === parent) process.once('disconnect', () => process.kill(process.pid, 'SIGINT'));
}

/** Starts what the user's starts, once, runs nothing, and holds it. */
function forServers(config: PlaywrightTestConfig, folder: string): PlaywrightTestConfig {
  const { globalSetup = [], projects } = config;
  return {
    ...config,
    testMatch: [],
    ...(projects !== undefined && {
      projects: projects.map((each) => ({ ...omit(each, ['dependencies', 'teardown']), testMatch: [] })),
    }),
    globalSetup: [globalSetup, holdServers].flat(),
    globalTimeout: 0,
    outputDir: join(folder, 'servers'),
    reporter: [['line']],
  };
}

/** What of the load reporter's options says how tests are shared out; the rest says what is done with results. */
const keptOptions = ['shardLoad', 'loadProjects'];

/** Runs its share against servers that are up, reports to the merge alone, and writes to no folder of the user's. */
function forShard(
  config: PlaywrightTestConfig,
  { folder, shard }: Part & { readonly role: 'shard' },
  options: Readonly<Record<string, unknown>>,
): PlaywrightTestConfig {
  const own = join(folder, `shard-${shard}`);
  const quiet = { outputFolder: join(own, 'results'), terminal: 'off', html: false, annotate: false };
  const kept = Object.fromEntries(Object.entries(options).filter(([name]) => keptOptions.includes(name)));
  return {
    ...omit(config, ['webServer', 'globalSetup', 'globalTeardown']),
    ...(config.projects !== undefined && { projects: config.projects.map((each) => omit(each, ['outputDir'])) }),
    outputDir: join(own, 'out'),
    reporter: [
      ['list'],
      [loadReporter, { ...kept, ...quiet }],
      ['blob', { outputFile: join(blobsIn(folder), `report-${shard}.zip`) }],
    ],
  };
}

/** Throws where the configuration lists no load reporter: nobody would judge the merged numbers. */
function optionsOfLoadReporter({ reporter }: PlaywrightTestConfig, path: string): Readonly<Record<string, unknown>> {
  const listed: readonly ReporterDescription[] = Array.isArray(reporter)
    ? reporter
    : ([[reporter ?? 'list']] as ReporterDescription[]);
  const found = listed.find(([name]) => isLoadReporter(name, path));
  if (found === undefined)
    throw new Error(
      `\`playload local\` needs \`playload/reporter\` among the reporters of ${path}: it judges the merged numbers`,
    );
  return (found[1] ?? {}) as Readonly<Record<string, unknown>>;
}
