/** What becomes of the configuration. What is made of it is read by Playwright before it is shown, and must say what it is meant to. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { readConfig, type ReadOptions } from '../read-config.ts';
import type { SeenConfig } from '../seen-config.ts';
import { UsageError } from '../usage-error.ts';
import { changeOf, nameIn } from './changes.ts';
import { allLeft, editConfig, type EditedConfig } from './edit-config.ts';
import { nothingToDo, type Plan } from './plan.ts';
import { newlineOf, type Style, styleOf } from './style.ts';
import { type Parsed, parseConfig } from './syntax.ts';

export interface PlannedConfig {
  readonly plan: Plan;
  /** What the configuration says once it is changed. */
  readonly seen: SeenConfig;
  /** Whether it has a project for load tests then. */
  readonly isReady: boolean;
  readonly style: Style;
  /** Whether it is written with `require`. */
  readonly isCommonJs: boolean;
}

/** Rejects where Playwright cannot read it, and where the signal ends it. */
export async function planConfig(config: string, signal: AbortSignal): Promise<PlannedConfig> {
  const source = readFileSync(config, 'utf8');
  const isTypeScript = /\.[cm]?ts$/.test(config);
  const [alone, onCi] = await Promise.all([
    readOrThrow(config, { signal }),
    readOrThrow(config, { signal, env: { CI: (process.env['CI'] ?? '') === '' ? '1' : undefined } }),
  ]);
  const parsed = parsedOrNot(source, isTypeScript);
  const style = parsed === undefined ? plainStyle(source) : styleOf(parsed);
  const edited =
    parsed === undefined
      ? { text: source, added: [], left: allLeft(style) }
      : editConfig({ source, isTypeScript, seen: [alone, onCi] });
  const sure = await verified({ config, source, edited, before: alone, style, signal });
  const name = nameIn(process.cwd(), config);
  return {
    plan: {
      ...nothingToDo,
      changes: sure.edited.text === source ? [] : [changeOf(config, sure.edited.text)],
      says: sure.edited.added.length === 0 ? [] : [`${name}: ${sure.edited.added.join(', and ')}`],
      left: sure.edited.left.map(({ what, lines }) => ({ what: `${name}: ${what}`, lines })),
    },
    seen: sure.seen,
    isReady: loadProjectOf(sure.seen) !== undefined,
    style,
    isCommonJs: isCommonJs(config, parsed),
  };
}

export function loadProjectOf({ projects = [] }: SeenConfig) {
  return projects.find(({ isLoad }) => isLoad);
}

async function readOrThrow(config: string, options: ReadOptions): Promise<SeenConfig> {
  const read = await readConfig(config, options);
  if (read.kind === 'read') return read.seen;
  const name = nameIn(process.cwd(), config);
  throw new Error(`Playwright cannot read ${name}, so nothing was changed. It says:\n\n${read.said}`);
}

function parsedOrNot(source: string, isTypeScript: boolean): Parsed | undefined {
  try {
    return parseConfig(source, isTypeScript);
  } catch {
    return undefined; // Playwright reads it: this parser is behind the language
  }
}

function plainStyle(source: string): Style {
  return { newline: newlineOf(source), indent: '  ', quote: "'", lastComma: ',' };
}

function isCommonJs(config: string, parsed: Parsed | undefined): boolean {
  if (extname(config) === '.cjs') return true;
  if (extname(config) !== '.js' || parsed === undefined) return false;
  const isModule = parsed.program.body.some(({ type }) => /^(?:Import|Export)/.test(type));
  return !isModule && /\brequire\(|\bmodule\.exports\b/.test(parsed.source);
}

interface Checked {
  readonly edited: EditedConfig;
  readonly seen: SeenConfig;
}

/** Where Playwright reads something else in it than was meant, nothing of it is taken. */
async function verified({
  config,
  source,
  edited,
  before,
  style,
  signal,
}: {
  readonly config: string;
  readonly source: string;
  readonly edited: EditedConfig;
  readonly before: SeenConfig;
  readonly style: Style;
  readonly signal: AbortSignal;
}): Promise<Checked> {
  if (edited.text === source) return { edited, seen: before };
  const beside = join(dirname(config), `.playload-init-${process.pid}.${basename(config)}`);
  try {
    writeBeside(beside, edited.text);
    const read = await readConfig(beside, { signal });
    if (read.kind === 'read' && saysAll(read.seen, before, edited)) return { edited, seen: read.seen };
  } finally {
    rmSync(beside, { force: true });
  }
  return { edited: { text: source, added: [], left: allLeft(style) }, seen: before };
}

/** Throws a `UsageError` where the folder takes no file: then it would not take the others either. */
export function writeBeside(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    const { code = 'no reason given' } = cause as NodeJS.ErrnoException;
    throw new UsageError(`no file can be written in ${dirname(path)} (${code}). Nothing was changed`, { cause });
  }
}

function saysAll(after: SeenConfig, before: SeenConfig, { left }: EditedConfig): boolean {
  const all = after.projects ?? [];
  const others = all.filter(({ isLoad }) => !isLoad).map(({ name }) => name);
  const were = (before.projects ?? [{ name: '', isLoad: false }]).filter(({ isLoad }) => !isLoad);
  const keptAll = JSON.stringify(others) === JSON.stringify(were.map(({ name }) => name));
  const isWhole = left.length === 0;
  const hasReporter = after.reporters?.some(({ isLoadReporter }) => isLoadReporter) ?? false;
  return isWhole ? hasReporter && keptAll && loadProjectOf(after) !== undefined : hasReporter || keptAll;
}
