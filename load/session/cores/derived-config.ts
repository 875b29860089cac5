/**
 * The user's configuration for one test on the further cores of a load: without what the first core's Playwright has done
 * for all, and with the places that it has found.
 */
import { dirname, resolve } from 'node:path';
import type { PlaywrightTestConfig } from '@playwright/test';
import { omit } from '../../omit.ts';
import type { NestedSettings } from './nested-settings.ts';

type Project = NonNullable<PlaywrightTestConfig['projects']>[number];

/** What is for the whole run, and what would leave this one test out. */
const doneAlready = [
  ...['webServer', 'globalSetup', 'globalTeardown', 'dependencies', 'teardown', 'globalTimeout', 'maxFailures'],
  ...['shard', 'grep', 'grepInvert', 'workers', 'failOnFlakyTests', 'captureGitInfo', 'quiet', 'reportSlowTests'],
];

const withoutArtifacts = { trace: 'off', video: 'off', screenshot: 'off' } as const;

/** Throws where the configuration, read again, has no such project. */
export function derivedConfig(
  users: PlaywrightTestConfig,
  nested: NestedSettings,
  reporter: string,
): PlaywrightTestConfig {
  const { outputDir, workers, rootDir, project, baseURL } = nested;
  const { projects, ...common } = users;
  const own = projectOf(projects, nested);
  const configDir = nested.configFile === undefined ? rootDir : dirname(nested.configFile);
  const tsconfig = nested.tsconfig ?? (users.tsconfig === undefined ? undefined : resolve(configDir, users.tsconfig));
  const ofAll = {
    outputDir,
    retries: 0,
    repeatEach: workers,
    timeout: 0, // the first core says how long it takes
    fullyParallel: true,
  };
  return {
    ...omit(common, doneAlready),
    ...ofAll,
    testDir: rootDir,
    ...(tsconfig !== undefined && { tsconfig }),
    workers,
    forbidOnly: false,
    preserveOutput: 'never',
    updateSnapshots: 'none',
    reporter: [[reporter]],
    projects: [
      {
        ...omit(own, doneAlready),
        ...ofAll,
        name: project.name,
        testDir: project.testDir,
        snapshotDir: project.snapshotDir,
        use: { ...users.use, ...own.use, ...(baseURL !== undefined && { baseURL }), ...withoutArtifacts },
      },
    ],
  };
}

/** By its place, as names may be given twice; by its name where the configuration has changed its order. */
function projectOf(projects: readonly Project[] | undefined, { project: { name, at } }: NestedSettings): Project {
  if (projects === undefined || projects.length === 0) return {};
  const isIt = (project: Project | undefined) => project !== undefined && (project.name ?? '') === name;
  const found = isIt(projects[at]) ? projects[at] : projects.find(isIt);
  if (found === undefined) throw new Error(`the configuration has no project \`${name}\` when it is read again`);
  return found;
}
