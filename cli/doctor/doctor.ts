/** `playload doctor`: what keeps load tests of a project, on this machine, from being right. */
import { dirname } from 'node:path';
import { plainLine } from '../../load/measure/plain-line.ts';
import { defaultLoadOptions } from '../../load/run/load-options.ts';
import { repositoryOf } from '../git.ts';
import { findConfig } from '../local/find-config.ts';
import { takeValues } from '../option-values.ts';
import { readConfig } from '../read-config.ts';
import type { SeenConfig } from '../seen-config.ts';
import { UsageError } from '../usage-error.ts';
import { configurationFindings } from './configuration.ts';
import { bad, type Finding } from './finding.ts';
import { loadTestsFinding } from './load-tests.ts';
import { machineFindings } from './machine.ts';
import { reporterOverrides } from './overrides.ts';
import { readMachine } from './read-machine.ts';
import { serverFinding } from './server.ts';
import { ownManifest, versionFindings } from './versions.ts';

/** Resolves with 1 where something is bad. Throws a `UsageError` where there is no configuration. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { values, rest } = takeValues(args, [['--config', '-c']]);
  const other = rest.find((word) => word !== '--json');
  if (other !== undefined) throw new UsageError(`\`${plainLine(other)}\` is no option of \`playload doctor\``);
  const config = findConfig(process.cwd(), values.get('--config'));
  // The machine first, while nothing of ours runs on it.
  const machine = machineFindings({
    readings: await readMachine(),
    connections: defaultLoadOptions.maxInFlight,
  });
  const versions = versionFindings({ config, node: process.versions.node, manifest: ownManifest() });
  const findings = [...versions, ...(await ofConfiguration(config, versions)), ...machine];
  const isWell = findings.every(({ state }) => state !== 'bad');
  const text = rest.includes('--json')
    ? `${JSON.stringify({ ok: isWell, findings }, undefined, 2)}\n`
    : findings.map(linesOf).join('');
  process.stdout.write(text);
  return isWell ? 0 : 1;
}

async function ofConfiguration(config: string, versions: readonly Finding[]): Promise<readonly Finding[]> {
  if (versions.some(({ name, says }) => name === 'Playwright' && says === 'is not installed')) return [];
  const read = await readConfig(config);
  if (read.kind === 'failed') {
    const [first = ''] = read.said.split('\n');
    return [bad('configuration', `Playwright cannot read it: ${first}`, 'npx playwright test --list says where')];
  }
  const { seen } = read;
  const folder = dirname(config);
  const projects = (seen.projects ?? []).filter(({ isLoad }) => isLoad).map(({ name }) => name);
  return [
    ...configurationFindings({ seen, overrides: reporterOverrides(folder, await repositoryOf(folder)) }),
    ...(await loadTestsFinding({ config, projects })),
    await serverFinding(serverOf(seen)),
  ];
}

/** Where loads go: what the load project says, or else the configuration, or Playwright of the only server that it starts. */
function serverOf({ projects = [], use, webServers }: SeenConfig) {
  const load = projects.find(({ isLoad }) => isLoad);
  const [server] = webServers;
  const started = server?.port === undefined ? undefined : `http://localhost:${server.port}`;
  return {
    baseURL: load?.use.baseURL ?? use.baseURL ?? (webServers.length === 1 ? started : undefined),
    ignoreHTTPSErrors: load?.use.ignoreHTTPSErrors ?? use.ignoreHTTPSErrors ?? false,
    isStarted: webServers.length > 0,
    isHeard: webServers.some(({ isHeard }) => isHeard === true),
  };
}

const marks = { fine: '✓', note: '!', bad: '✗' } as const;

function linesOf({ name, state, says, advice }: Finding): string {
  const line = `${marks[state]} ${name}: ${plainLine(says)}\n`;
  return advice === undefined ? line : `${line}    → ${plainLine(advice)}\n`;
}
