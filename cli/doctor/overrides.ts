/** Commands of a project that give Playwright other reporters than its configuration does. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Override } from './configuration.ts';

/** In the scripts of package.json, and in what CI systems read, at `folder` and at the top of its repository. */
export function reporterOverrides(folder: string, repository = folder): readonly Override[] {
  const workflows = '.github/workflows';
  const inWorkflows = existsSync(join(repository, workflows))
    ? readdirSync(join(repository, workflows)).map((name) => `${workflows}/${name}`)
    : [];
  const ofCi = [...inWorkflows, '.gitlab-ci.yml', 'azure-pipelines.yml'].filter((name) => /\.ya?ml$/.test(name));
  return [
    ...scriptsOf(join(folder, 'package.json')),
    ...ofCi.flatMap((name) => linesOf(join(repository, name)).map((line) => ({ where: name, line }))),
  ].filter(({ line }) => replaces(line));
}

/** A blob takes what the load reporter has added; it does not stand for it. */
function replaces(line: string): boolean {
  return /\bplaywright test\b/.test(line) && / --reporter\b/.test(line) && !line.includes('playload/reporter');
}

function scriptsOf(path: string): readonly Override[] {
  try {
    const { scripts = {} } = JSON.parse(readFileSync(path, 'utf8')) as { readonly scripts?: Record<string, unknown> };
    return Object.entries(scripts).map(([name, line]) => ({ where: `the script \`${name}\``, line: String(line) }));
  } catch {
    return []; // none, or none that npm could read either
  }
}

function linesOf(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  return lines.filter((line) => !/^\s*#/.test(line)).map((line) => line.replace(/^\s*(?:- )?(?:run: |script: )?/, ''));
}
