/** Files as they will be: shown, refused where git would not bring them back, and written all or none. */
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { UsageError } from '../usage-error.ts';
import { isUncommitted } from '../git.ts';
import { unifiedDiff } from './unified-diff.ts';

export interface Change {
  /** Absolute. */
  readonly path: string;
  /** Absent for a file that is new. */
  readonly before?: string;
  readonly after: string;
}

export function changeOf(path: string, after: string): Change {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  return { path, after, ...(before !== undefined && { before }) };
}

export function shown(changes: readonly Change[], folder: string): string {
  return changes.map(({ path, before, after }) => unifiedDiff(nameIn(folder, path), before, after)).join('\n');
}

export function nameIn(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

/** Throws a `UsageError` that names every file which cannot be written, or which git would not bring back. */
export async function refuse(
  changes: readonly Change[],
  { folder, isForced, hasGit }: { readonly folder: string; readonly isForced: boolean; readonly hasGit: boolean },
): Promise<void> {
  const there = changes.filter(({ before }) => before !== undefined).map(({ path }) => realpathSync(path));
  const closed = there.filter((path) => (statSync(path).mode & 0o222) === 0);
  if (closed.length > 0)
    throw new UsageError(`${names(closed, folder)} may only be read: make it writable. Nothing was changed`);
  if (isForced || !hasGit) return;
  const asked = await Promise.all(there.map(async (path) => ((await isUncommitted(path)) ? [path] : [])));
  const open = asked.flat();
  if (open.length > 0)
    throw new UsageError(
      `${names(open, folder)} has changes that are not committed, and git could not undo what \`init\` adds to it: commit them, or say \`--force\`. Nothing was changed`,
    );
}

function names(paths: readonly string[], folder: string): string {
  return paths.map((path) => nameIn(folder, path)).join(', ');
}

/** All of them, or none: what was written is taken back where another cannot be. */
export function write(changes: readonly Change[]): void {
  const done: Change[] = [];
  try {
    for (const change of changes) {
      mkdirSync(dirname(change.path), { recursive: true });
      writeFileSync(change.path, change.after, { flag: change.before === undefined ? 'wx' : 'w' });
      done.push(change);
    }
  } catch (error) {
    for (const { path, before } of done) {
      if (before === undefined) rmSync(path);
      else writeFileSync(path, before);
    }
    throw new Error(`${error instanceof Error ? error.message : String(error)}: nothing was changed`, { cause: error });
  }
}

/** How git takes all of it back. */
export function undoCommand(changes: readonly Change[], folder: string): string {
  const quote = (path: string) => (/^[\w./@-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
  const list = (some: readonly Change[]) => some.map(({ path }) => quote(nameIn(folder, path))).join(' ');
  const [fresh, changed] = [
    changes.filter(({ before }) => before === undefined),
    changes.filter(({ before }) => before !== undefined),
  ];
  return [
    ...(changed.length > 0 ? [`git checkout -- ${list(changed)}`] : []),
    ...(fresh.length > 0 ? [`git clean -f -- ${list(fresh)}`] : []),
  ].join(' && ');
}
