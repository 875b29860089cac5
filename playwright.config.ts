/**
 * One configuration for all: the project's own tests (`unit`, `integration`) and the load projects, which run one
 * test at a time against the agent that `webServer` starts, or against the server named by `BASE_URL`.
 */
import { defineConfig } from '@playwright/test';

const loadProjects = ['load', 'stress', 'sustained', 'benchmark', 'throughput', 'scalability', 'resources', 'journey'];

/** The projects asked for on the command line; empty means all of them. */
function askedProjects(argv: readonly string[]): string[] {
  return argv.flatMap((word, at) => {
    if (word.startsWith('--project=')) return [word.slice('--project='.length)];
    return word === '--project' ? [argv[at + 1] ?? ''] : [];
  });
}

const asked = askedProjects(process.argv);
const loading = asked.length === 0 || asked.some((name) => !['unit', 'integration'].includes(name));
const port = process.env['PORT'] ?? '8002';

export default defineConfig({
  fullyParallel: false,
  workers: loading ? 1 : 2,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list']],
  use: { baseURL: process.env['BASE_URL'] ?? `http://127.0.0.1:${process.env['SERVER_PORT'] ?? port}` },
  projects: [
    { name: 'unit', testMatch: ['**/*.test.ts'], testIgnore: ['**/*.integration.test.ts', '**/node_modules/**'], fullyParallel: true },
    { name: 'integration', testMatch: ['**/*.integration.test.ts'], testIgnore: ['**/node_modules/**'], timeout: 120_000 },
    ...loadProjects.map((name) => ({ name, testDir: 'specs', testMatch: `${name}.spec.ts` })),
  ],
});
