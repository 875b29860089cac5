/** Where the programs are that the bench starts: its own, the agent's, and those of its dependencies. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(import.meta.url);
export const rootFolder = resolve(import.meta.dirname, '../..');

/** Our TypeScript, run by the Node that runs the bench. */
export const script = (path: string, ...args: string[]) => [
  process.execPath,
  '--import',
  'tsx',
  resolve(rootFolder, path),
  ...args,
];

/** A program of the agent's, run as `npm run serve` and `npm run seed` do. */
export const agentProgram = (name: string, ...args: string[]) => [
  process.execPath,
  '--max-semi-space-size=4',
  '--heap-growing-percent=30',
  resolve(rootFolder, 'server/run.mjs'),
  name,
  ...args,
];

/** A command of Node's that loads a script of ours first. */
export const preloaded = (path: string, [node = process.execPath, ...args]: readonly string[]) => [
  node,
  '--import',
  'tsx',
  '--import',
  resolve(rootFolder, path),
  ...args,
];

/** Playwright's command under a Node of one's choice; its workers, and what they start, run under the same. */
export const playwright = (node: string, ...args: string[]) => [node, require.resolve('@playwright/test/cli'), ...args];
