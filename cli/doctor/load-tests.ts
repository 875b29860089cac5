/** Which load tests Playwright finds, and what keeps it from finding them. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';
import { plainLine } from '../../load/measure/plain-line.ts';
import { playwrightCli } from '../local/playwright-process.ts';
import { bad, type Finding, fine, note } from './finding.ts';

const name = 'load tests';
const mostMs = 120_000;

export interface LoadTestsParts {
  /** Absolute path of the configuration. */
  readonly config: string;
  /** Names of the load projects. */
  readonly projects: readonly string[];
}

export async function loadTestsFinding({ config, projects }: LoadTestsParts): Promise<readonly Finding[]> {
  if (projects.length === 0) return [];
  const report = await list(config, projects);
  if (report === undefined) return [bad(name, 'Playwright could not list them', 'npx playwright test --list says why')];
  const [error] = report.errors.filter(({ message = '' }) => !message.includes('No tests found'));
  if (error !== undefined) {
    const says = plainLine(withoutColours(error.message ?? 'an error').split('\n')[0] ?? '');
    return [bad(name, `a spec cannot be loaded: ${says}`, 'npx playwright test --list says where')];
  }
  const count = report.suites.reduce((sum, suite) => sum + testsIn(suite, projects), 0);
  const list_ = projects.map((each) => `\`${each}\``).join(', ');
  if (count > 0) return [fine(name, `${count} in ${list_}`)];
  return [
    note(
      name,
      `there are none in ${list_}`,
      'name their files *.load.spec.ts, or see `testDir`, `testMatch` and `grep`',
    ),
  ];
}

async function list(config: string, projects: readonly string[]): Promise<JSONReport | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'playload-doctor-'));
  try {
    const file = join(folder, 'list.json');
    const asked = projects.map((each) => `--project=${each}`);
    const words = ['test', '--list', '--reporter=json', '--config', config, ...asked];
    const child = spawn(process.execPath, [playwrightCli(config), ...words], {
      cwd: dirname(config),
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
      stdio: 'ignore',
      timeout: mostMs,
    });
    await new Promise((ended, failed) => child.on('close', ended).on('error', failed));
    return JSON.parse(await readFile(file, 'utf8')) as JSONReport;
  } catch {
    return undefined; // it has written nothing
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Playwright lists those of dependencies too, which are no load tests. */
function testsIn({ specs, suites = [] }: JSONReportSuite, projects: readonly string[]): number {
  const own = specs.flatMap(({ tests }) => tests).filter(({ projectName }) => projects.includes(projectName));
  return suites.reduce((sum, each) => sum + testsIn(each, projects), own.length);
}

// Escape sequences of a terminal.
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const withoutColours = (text: string) => text.replace(colours, '');
