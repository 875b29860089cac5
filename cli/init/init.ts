/** `playload init`: all that a Playwright project needs for its first load test. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { plainLine } from '../../load/measure/plain-line.ts';
import { configWords, findConfig } from '../local/find-config.ts';
import { stopSignal } from '../stop-signal.ts';
import { takeValues } from '../option-values.ts';
import { UsageError } from '../usage-error.ts';
import { type Change, nameIn, refuse, shown, undoCommand, write } from './changes.ts';
import { planCi, planIgnore, planSpec } from './plan-files.ts';
import { planConfig } from './plan-config.ts';
import { repositoryOf } from '../git.ts';
import { packageManagerAt, type PackageManager } from './package-manager.ts';
import type { Plan } from './plan.ts';

interface Asked {
  readonly isDry: boolean;
  readonly isForced: boolean;
  /** Absolute path of the configuration. */
  readonly config: string;
}

/** Resolves with 0 where all is there at its end, and with 1 where something is left to the user. Throws a `UsageError` where nothing can be done. */
export async function init(args: readonly string[]): Promise<number> {
  const { isDry, isForced, config } = askedOf(args);
  const here = process.cwd();
  const folder = dirname(config);
  const manager = packageManagerAt(folder);
  refuseUninstalled(config, manager);
  const repository = await repositoryOf(folder);
  const plans = await plansOrStop({ config, folder, manager, repository });
  if (typeof plans === 'number') return plans;
  const changes = plans.flatMap((plan) => plan.changes);
  if (changes.length > 0) print(`${shown(changes, here)}\n`);
  if (!isDry && changes.length > 0) {
    await refuse(changes, { folder: here, isForced, hasGit: repository !== undefined });
    write(changes);
  }
  for (const plan of plans) for (const line of plan.says) print(`${plainLine(line)}\n`);
  if (isDry && changes.length > 0) print('nothing was changed: it was a dry run\n');
  if (!isDry) sayUndo(changes, { here, isForced, hasGit: repository !== undefined });
  const left = [
    ...plans.flatMap((plan) => plan.left),
    ...(isDry ? [] : await Promise.all(plans.flatMap(({ leftAfter }) => leftAfter?.() ?? []))).flat(),
  ];
  for (const { what, lines } of left)
    print(`\nleft to you: ${plainLine(what)}\n${lines.map((line) => `    ${line}\n`).join('')}`);
  if (changes.length === 0 && left.length === 0) print('all is there: nothing was changed\n');
  print('\n');
  for (const line of plans.flatMap((plan) => plan.next)) print(`next: ${plainLine(line)}\n`);
  print(`next: ${manager.exec} playload doctor${configWords(here, config)}\n`);
  return left.length > 0 ? 1 : 0;
}

function askedOf(args: readonly string[]): Asked {
  const { values, rest } = takeValues(args, [['--config', '-c']]);
  const other = rest.find((word) => word !== '--dry-run' && word !== '--force');
  if (other !== undefined) throw new UsageError(`\`${plainLine(other)}\` is no option of \`playload init\``);
  return {
    isDry: rest.includes('--dry-run'),
    isForced: rest.includes('--force'),
    config: configOf(values.get('--config')),
  };
}

function configOf(given: string | undefined): string {
  try {
    return findConfig(process.cwd(), given);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message}: \`npm init playwright@latest\` makes one`);
  }
}

/** A configuration that names packages which are not there would not even load. */
function refuseUninstalled(config: string, { add }: PackageManager): void {
  const missing = ['@playwright/test', 'playload'].filter((name) => !isInstalled(name, config));
  if (missing.length > 0)
    throw new UsageError(
      `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not installed in this project: \`${add} ${missing.join(' ')}\`. Nothing was changed`,
    );
}

function isInstalled(name: string, config: string): boolean {
  try {
    return existsSync(createRequire(config).resolve(`${name}/package.json`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error; // a package.json that nobody can read
    return false;
  }
}

interface Place {
  readonly config: string;
  readonly folder: string;
  readonly manager: PackageManager;
  readonly repository: string | undefined;
}

/** Or the exit code, where a signal has ended it before anything was written. */
async function plansOrStop(place: Place): Promise<readonly Plan[] | number> {
  const stop = stopSignal();
  try {
    return await allPlans(place, stop.signal);
  } catch (error) {
    const code = stop.exitCode();
    if (code === undefined) throw error;
    print('stopped: nothing was changed\n');
    return code;
  } finally {
    stop.forget();
  }
}

async function allPlans({ config, folder, manager, repository }: Place, signal: AbortSignal): Promise<readonly Plan[]> {
  const { plan, seen, isReady, style, isCommonJs } = await planConfig(config, signal);
  const ignored = await planIgnore(folder, repository);
  if (!isReady) {
    const again = `once the lines above are in place, ${manager.exec} playload init${configWords(process.cwd(), config)} adds the rest`;
    return [{ ...plan, next: [again] }, ignored];
  }
  const spec = await planSpec({ config, seen, style, isCommonJs, manager });
  return [plan, spec, ignored, planCi({ folder, manager, repository })];
}

function sayUndo(
  changes: readonly Change[],
  { here, isForced, hasGit }: { readonly here: string; readonly isForced: boolean; readonly hasGit: boolean },
): void {
  if (changes.length === 0) return;
  if (hasGit && !isForced) {
    print(`\nundone by: ${undoCommand(changes, here)}\n`);
    return;
  }
  const list = (isNew: boolean) =>
    changes.filter(({ before }) => (before === undefined) === isNew).map(({ path }) => nameIn(here, path));
  const [fresh, changed] = [list(true), list(false)];
  print(
    `\n${hasGit ? 'with `--force`, git brings back only what was committed' : 'there is no git here to undo it'}: ${[
      ...(fresh.length > 0 ? [`new is ${fresh.join(', ')}`] : []),
      ...(changed.length > 0 ? [`changed is ${changed.join(', ')}`] : []),
    ].join('; ')}\n`,
  );
}

function print(text: string): void {
  process.stdout.write(text);
}
