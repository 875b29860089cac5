/** What is installed: Node, Playwright and this package, each once. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bad, type Finding, fine } from './finding.ts';
import { satisfies } from './version.ts';

interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Of this package, whether built or not. */
export function ownManifest(): Manifest {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    if (folder === dirname(folder)) throw new Error('this package has no package.json');
  }
}

export interface VersionsParts {
  /** Absolute path of the configuration. */
  readonly config: string;
  readonly node: string;
  readonly manifest: Manifest;
}

export function versionFindings({ config, node, manifest }: VersionsParts): readonly Finding[] {
  const { engines, peerDependencies, version } = manifest;
  const range = peerDependencies['@playwright/test'] ?? '*';
  return [
    satisfies(node, engines.node)
      ? fine('Node', node)
      : bad('Node', `${node}, and playload takes ${engines.node}`, 'install a newer Node'),
    playwrightFinding(config, range),
    ...copies(config, version),
  ];
}

function playwrightFinding(config: string, range: string): Finding {
  const own = packageAt(config);
  if (own === undefined) return bad('Playwright', 'is not installed', 'npm i -D @playwright/test');
  if (satisfies(own.version, range)) return fine('Playwright', own.version);
  return bad(
    'Playwright',
    `${own.version}, and playload takes ${range}`,
    'install a version of @playwright/test in that range',
  );
}

/** The specs of the project and this package have to meet in one Playwright, or its `test` does not know theirs. */
function copies(config: string, version: string): readonly Finding[] {
  const used = packageAt(config);
  const installed = resolved('playload/package.json', config);
  if (installed === undefined)
    return [bad('playload', 'is not installed in this project, so no spec can import it', 'npm i -D playload')];
  const ours = packageAt(installed);
  if (used === undefined || ours === undefined || used.folder === ours.folder) return [fine('playload', version)];
  return [
    bad(
      'playload',
      `there are two copies of @playwright/test: specs import ${used.version} of ${used.folder}, and playload ${ours.version} of ${ours.folder}`,
      'install @playwright/test once, where both find it: take it out of the dependencies of packages between them, or let the package manager dedupe',
    ),
  ];
}

function packageAt(from: string): { readonly version: string; readonly folder: string } | undefined {
  const path = resolved('@playwright/test/package.json', from);
  if (path === undefined) return undefined;
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
  return { version, folder: dirname(path) };
}

function resolved(name: string, from: string): string | undefined {
  try {
    return realpathSync(createRequire(from).resolve(name));
  } catch {
    return undefined; // not there
  }
}
