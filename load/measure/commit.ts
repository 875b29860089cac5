/** The commit that a folder is at: what the CI system says, or git. */
import { execFileSync } from 'node:child_process';

/** Longest that asking git may hold anything up. */
const gitTimeoutMs = 2_000;

/** Undefined where there is no git, or no repository. */
export function commitOf(folder: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const known = env['GITHUB_SHA'] ?? env['CI_COMMIT_SHA'];
  if (known !== undefined) return known;
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: folder,
      timeout: gitTimeoutMs,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    }).trim();
  } catch {
    return undefined; // the commit is not known
  }
}
