/** The files beside the configuration: a first spec, the CI step, and what git ignores. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import type { SeenConfig } from '../seen-config.ts';
import { loadTestsFinding } from '../doctor/load-tests.ts';
import { serverFinding } from '../doctor/server.ts';
import { configWords } from '../local/find-config.ts';
import { changeOf, nameIn } from './changes.ts';
import { azurePath, type CiFile, type CiStep, ciSteps, gitlabPath } from './ci-step.ts';
import { isIgnored } from '../git.ts';
import type { Left } from './edit-config.ts';
import { firstSpecName } from './load-project.ts';
import { mayMatch } from './may-match.ts';
import { lockfileFolder, type PackageManager } from './package-manager.ts';
import { nothingToDo, type Plan } from './plan.ts';
import { loadProjectOf } from './plan-config.ts';
import { firstLoad, isNear, specText, type Target, targetOf } from './spec-text.ts';
import { newlineOf, type Style } from './style.ts';

const results = 'load-results/';

interface SpecPlace {
  readonly config: string;
  readonly seen: SeenConfig;
  readonly style: Style;
  readonly isCommonJs: boolean;
  readonly manager: PackageManager;
}

/** Asks the server that is to be loaded for one answer. */
export async function planSpec({ config, seen, style, isCommonJs, manager }: SpecPlace): Promise<Plan> {
  const extension = extname(config);
  const project = loadProjectOf(seen);
  const folder = resolve(dirname(config), project?.testDir ?? seen.testDir ?? '.');
  const run = `${manager.exec} playwright test${configWords(process.cwd(), config)} --project=${project?.name ?? 'load'}`;
  const patterns = project?.testMatch ?? seen.testMatch;
  const isOwn = patterns !== undefined && !patterns.some(mayMatch);
  if (isOwn || hasLoadSpec(folder)) return { ...nothingToDo, next: [run] };
  const path = join(folder, `${firstSpecName}${extension}`);
  const use = project?.use.baseURL === undefined ? seen.use : { ...seen.use, ...project.use };
  const target = targetOf({ ...seen, use });
  const text = specText({ target, isTypeScript: /ts$/.test(extension), isCommonJs, style });
  const far = target.kind !== 'own' && !isNear(target.address) ? [foreign(target.address)] : [];
  const name = nameIn(process.cwd(), path);
  return {
    ...nothingToDo,
    changes: [changeOf(path, text)],
    says: [`${name}: a first load test, of ${whose(target)}`],
    leftAfter: () => leftUnfound(config, project?.name ?? 'load'),
    next: [...far, ...(await amissWith(target, { ...seen, use })), run],
  };
}

/** Whether Playwright finds a load test now: patterns and tags of the configuration may still keep it out. */
async function leftUnfound(config: string, project: string): Promise<readonly Left[]> {
  const findings = await loadTestsFinding({ config, projects: [project] });
  return findings
    .filter(({ state }) => state !== 'fine')
    .map(({ says }) => ({
      what: `Playwright does not run the first load test (${says}): let the project \`${project}\` say what the configuration says of these`,
      lines: ['testDir, testMatch, testIgnore, grep, grepInvert'],
    }));
}

/** What would make the first test fail. */
async function amissWith(target: Target, { use, webServers }: SeenConfig): Promise<readonly string[]> {
  if (target.kind === 'own') return [];
  const { state, says, advice } = await serverFinding({
    baseURL: askedAddress(target),
    ignoreHTTPSErrors: use.ignoreHTTPSErrors ?? false,
    isStarted: webServers.length > 0,
    isHeard: webServers.some(({ isHeard }) => isHeard === true),
  });
  return state === 'fine' || advice === undefined ? [] : [`${says}: ${advice}`];
}

function askedAddress(target: Exclude<Target, { kind: 'own' }>): string {
  if (target.kind === 'address' || !URL.canParse(target.address)) return target.address;
  return new URL(target.path, target.address).href;
}

function whose(target: Target): string {
  return target.kind === 'own'
    ? 'a server that it brings, since the configuration names none'
    : `${target.address}${target.kind === 'baseURL' && target.path.startsWith('/') ? `, at ${target.path}` : ''}`;
}

const foreign = (address: string) =>
  `see that ${address} is yours to load: the first test sends it ${firstLoad.rate} for ${firstLoad.duration}, after ${firstLoad.warmUp} of warm-up`;

function hasLoadSpec(folder: string): boolean {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true }).some((each) => {
    if (each.isDirectory())
      return !['node_modules', '.git'].includes(each.name) && hasLoadSpec(join(folder, each.name));
    return /\.load\.spec\.[cm]?[jt]sx?$/.test(each.name);
  });
}

/** `folder`: that of the configuration, where results are written. */
export async function planIgnore(folder: string, repository: string | undefined): Promise<Plan> {
  if (repository === undefined || (await isIgnored(folder, results))) return nothingToDo;
  const path = join(folder, '.gitignore');
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const newline = newlineOf(before);
  const gap = before === '' || before.endsWith('\n') ? '' : newline;
  return {
    ...nothingToDo,
    changes: [changeOf(path, `${before}${gap}${results}${newline}`)],
    says: [`${nameIn(process.cwd(), path)}: ${results}`],
  };
}

interface CiPlace {
  readonly folder: string;
  readonly manager: PackageManager;
  readonly repository: string | undefined;
}

export function planCi({ folder, manager, repository }: CiPlace): Plan {
  const top = repository ?? folder;
  const workflows = join(top, '.github/workflows');
  const hasWorkflows = existsSync(workflows);
  const names = [
    ...(hasWorkflows ? readdirSync(workflows).map((name) => `.github/workflows/${name}`) : []),
    ...[gitlabPath, azurePath].filter((name) => existsSync(join(top, name))),
  ].filter((name) => /\.ya?ml$/.test(name));
  const files: CiFile[] = names.map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }));
  const inside = relative(top, folder).split(sep).join('/');
  const lockfile = relative(top, lockfileFolder(folder) ?? folder)
    .split(sep)
    .join('/');
  const steps = ciSteps({ files, hasWorkflows, where: { manager, folder: inside, lockfile } });
  return steps.map((step) => planOf(step, top)).reduce(together, nothingToDo);
}

function planOf(step: CiStep, top: string): Plan {
  switch (step.kind) {
    case 'change':
      return { ...nothingToDo, changes: [changeOf(join(top, step.path), step.text)], says: [step.says] };
    case 'there':
      return { ...nothingToDo, says: [step.says] };
    case 'left':
      return { ...nothingToDo, left: [step] };
    case 'none':
      return { ...nothingToDo, next: ['for CI, see node_modules/playload/docs/ci.md'] };
  }
}

function together(first: Plan, second: Plan): Plan {
  return {
    changes: [...first.changes, ...second.changes],
    says: [...first.says, ...second.says],
    left: [...first.left, ...second.left],
    next: [...first.next, ...second.next],
  };
}
