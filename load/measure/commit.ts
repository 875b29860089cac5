/** The commit that a folder is at: what the CI system says, or git. */
import { execFileSync } from 'node:child_process';

/** Longest that asking git may hold anything up. */
export const gitTimeoutMs = 2_000;

/** Of GitHub, GitLab, Azure, Buildkite, CircleCI and Jenkins. */
const commitVariables = [
  'GITHUB_SHA',
  'CI_COMMIT_SHA',
  'BUILD_SOURCEVERSION',
  'BUILDKITE_COMMIT',
  'CIRCLE_SHA1',
  'GIT_COMMIT',
];

/** Undefined where there is no git, or no repository. */
export function commitOf(folder: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const known = commitVariables.map((name) => env[name]).find((value) => value !== undefined && value !== '');
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
