/**
 * One configuration for all: the project's own tests (`unit`, `integration`) and the load projects, which run one test
 * at a time against the agent that `webServer` starts, or against the server named by `BASE_URL`.
 */
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { comparingProject, specProjects, streamingProject } from './specs/projects.ts';
import type { LoadReporterOptions } from './reporters/options.ts';

const specs = specProjects(join(import.meta.dirname, 'specs'));
const ownProjects = ['unit', 'integration', 'system'];

/** The projects asked for on the command line; empty means all of them. */
function askedProjects(argv: readonly string[]): string[] {
  const names: string[] = [];
  argv.forEach((word, at) => {
    if (word.startsWith('--project=')) names.push(word.slice('--project='.length));
    else if (word === '--project') names.push(argv[at + 1] ?? '');
  });
  return names;
}

const asked = askedProjects(process.argv);
/** As a project, or as a file. */
const isAskedByName = (name: string): boolean =>
  asked.includes(name) || process.argv.some((word) => word.endsWith(`${name}.spec.ts`));
const loading = asked.length === 0 || asked.some((name) => !ownProjects.includes(name));
const { BASE_URL, PORT = '8002', SERVER_PORT, ENGINE_PORT = '9101', BEFORE_FOLDER = '.', CI } = process.env;

if (BASE_URL !== undefined && !/^https?:\/\/[^/]/.test(BASE_URL)) {
  throw new Error(`\`BASE_URL\` must be the address of a server, such as http://127.0.0.1:8002, got "${BASE_URL}"`);
}

/** Signs what the agent asks of the fake engine; both are thrown away with the run. */
const WEBHOOK_SECRET = 'a secret between the two';

const gracefulShutdown = { signal: 'SIGTERM', timeout: 5_000 } as const;

/** A fresh agent with as many stored workflows as the plan's lists are to be measured with; its minutes last a second. */
const agent = {
  name: 'agent',
  command:
    'node server/run.mjs seed --workflows 10000 && exec node --max-semi-space-size=4 --heap-growing-percent=30 server/run.mjs main',
  env: {
    PORT,
    DATA_DIR: 'test-results/agent-data',
    LOG_LEVEL: 'warn',
    CLOCK_FACTOR: '60',
    SCRAPE_INTERVAL_MS: '500',
    WEBHOOK_URL: `http://127.0.0.1:${ENGINE_PORT}/rollout`,
    WEBHOOK_SECRET,
  },
  // The agent says when it listens, and as which process: specs watch its memory and CPU.
  wait: { stdout: /ready pid=(?<server_pid>\d+) port=(?<server_port>\d+)/ },
  gracefulShutdown,
} as const;

/** The build that it is compared with: that of another checkout (`BEFORE_FOLDER`), or the same again. */
const agentBefore = {
  ...agent,
  name: 'agent before',
  cwd: BEFORE_FOLDER,
  env: { ...agent.env, PORT: '0', DATA_DIR: 'test-results/agent-before-data' },
  wait: { stdout: /ready pid=(?<before_pid>\d+) port=(?<before_port>\d+)/ },
} as const;

/** A fake inference engine, whose simulated half minute lasts a second. */
const engine = {
  name: 'engine',
  command: `exec node server/run.mjs fake-engine/main --port ${ENGINE_PORT} --speed 30`,
  env: { FAKE_ENGINE_SECRET: WEBHOOK_SECRET },
  wait: { stdout: /ready pid=(?<engine_pid>\d+)/ },
  gracefulShutdown,
} as const;

/** Another one, at the pace of life: its streams are those of a chat. Nobody scrapes it. */
const chatEngine = {
  ...engine,
  name: 'chat engine',
  command: 'exec node server/run.mjs fake-engine/main --port 0',
  env: {},
  wait: { stdout: /ready pid=(?<chat_pid>\d+) port=(?<chat_port>\d+)/ },
} as const;

const diagnosing = asked.length === 0 || specs.some(({ name, needsEngine }) => needsEngine && asked.includes(name));
/** Another agent takes its share of the machine from all other projects, so it is there where nothing else is asked for. */
const comparing = asked.length === 1 && asked[0] === comparingProject;
const streaming = asked.length === 0 || asked.includes(streamingProject);
const webServer = [
  agent,
  ...(diagnosing ? [engine] : []),
  ...(streaming ? [chatEngine] : []),
  ...(comparing ? [agentBefore] : []),
];

/** What is waited for comes at its own pace on a machine that does other things too: this only ends what would never come. */
const patient = { timeout: 20_000 };
const reporterOptions: LoadReporterOptions = {};

export default defineConfig({
  workers: loading ? 1 : 2, // two load tests at once would measure each other
  forbidOnly: CI !== undefined,
  retries: 0,
  reporter: [['list'], ['./reporters/load-reporter.ts', reporterOptions], ['html', { open: 'never' }]],
  use: { baseURL: BASE_URL ?? `http://127.0.0.1:${SERVER_PORT ?? PORT}`, trace: 'off' },
  ...(loading && BASE_URL === undefined && { webServer }),
  projects: [
    {
      name: 'unit',
      testMatch: '**/*.test.ts',
      testIgnore: ['**/*.integration.test.ts', '**/*.system.test.ts', '**/node_modules/**', '**/test-results/**'],
      fullyParallel: true,
    },
    {
      name: 'integration',
      testMatch: '**/*.integration.test.ts',
      testIgnore: ['**/node_modules/**', '**/test-results/**'],
      timeout: 120_000,
      expect: patient,
    },
    {
      // Whole runs of Playwright, shards and signals included, whole commands, the comparison with Playwright's own context,
      // guards of the guards: half an hour, so they are no part of `npm test`.
      name: 'system',
      testMatch: '**/*.system.test.ts',
      testIgnore: ['**/node_modules/**', '**/test-results/**'],
      timeout: 240_000,
      expect: patient,
    },
    ...specs.map(({ name, testMatch, isLong }) => ({
      name,
      testDir: 'specs',
      testMatch: isLong && !isAskedByName(name) ? [] : testMatch,
      metadata: { load: true },
    })),
    {
      // What the docs show, against the agent; CI runs it with `LOAD_ONCE=1`.
      name: 'examples',
      testDir: 'examples',
      testMatch: /[\\/]examples[\\/][^\\/]+\.spec\.ts$/, // the folders in it are projects of their own
      metadata: { load: true },
    },
  ],
});
