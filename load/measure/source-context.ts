/** Where specs come from and who runs them: commit, branch and CI job, by what the CI system says, and git. */
import { execFileSync } from 'node:child_process';
import { commitOf, gitTimeoutMs } from './commit.ts';
import { entryName } from './entry-name.ts';
import { maskText } from './mask.ts';
import type { CiSystem, Environment } from './summary.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a CI system tells by its variables; where it tells nothing of one, git may. */
interface KnownCi {
  readonly name: string;
  readonly isHere: (env: Env) => boolean;
  readonly branch: (env: Env) => string | undefined;
  readonly subject?: (env: Env) => string | undefined;
  readonly author?: (env: Env) => string | undefined;
  readonly url: (env: Env) => string | undefined;
  readonly job: (env: Env) => string | undefined;
}

const given = (name: string) => (env: Env) => env[name];

const systems: readonly KnownCi[] = [
  {
    name: 'GitHub Actions',
    isHere: (env) => env['GITHUB_ACTIONS'] !== undefined,
    branch: (env) => env['GITHUB_HEAD_REF'] || env['GITHUB_REF_NAME'],
    url: (env) => joined([env['GITHUB_SERVER_URL'], env['GITHUB_REPOSITORY'], 'actions', 'runs', env['GITHUB_RUN_ID']]),
    job: given('GITHUB_JOB'),
  },
  {
    name: 'GitLab CI',
    isHere: (env) => env['GITLAB_CI'] !== undefined,
    branch: (env) => env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'] ?? env['CI_COMMIT_REF_NAME'],
    subject: given('CI_COMMIT_TITLE'),
    author: given('CI_COMMIT_AUTHOR'),
    url: given('CI_JOB_URL'),
    job: given('CI_JOB_NAME'),
  },
  {
    name: 'Azure Pipelines',
    isHere: (env) => env['TF_BUILD'] !== undefined,
    branch: (env) => withoutRef(env['SYSTEM_PULLREQUEST_SOURCEBRANCH'] ?? env['BUILD_SOURCEBRANCH']),
    subject: given('BUILD_SOURCEVERSIONMESSAGE'),
    url: ({ SYSTEM_COLLECTIONURI: server, SYSTEM_TEAMPROJECT: project, BUILD_BUILDID: build }) => {
      const at = joined([server, project && encodeURIComponent(project), '_build', 'results']);
      return at === undefined || build === undefined ? undefined : `${at}?buildId=${build}`;
    },
    job: (env) => env['SYSTEM_JOBDISPLAYNAME'] ?? env['AGENT_JOBNAME'],
  },
  {
    name: 'Jenkins',
    isHere: (env) => env['JENKINS_URL'] !== undefined,
    branch: (env) => env['CHANGE_BRANCH'] ?? env['BRANCH_NAME'] ?? env['GIT_BRANCH']?.replace(/^origin\//, ''),
    url: given('BUILD_URL'),
    job: given('JOB_NAME'),
  },
  {
    name: 'Buildkite',
    isHere: (env) => env['BUILDKITE'] !== undefined,
    branch: given('BUILDKITE_BRANCH'),
    subject: given('BUILDKITE_MESSAGE'),
    author: given('BUILDKITE_BUILD_AUTHOR'),
    url: ({ BUILDKITE_BUILD_URL: build, BUILDKITE_JOB_ID: job }) =>
      build === undefined || job === undefined ? build : `${build}#${job}`,
    job: (env) => env['BUILDKITE_LABEL'] ?? env['BUILDKITE_PIPELINE_SLUG'],
  },
  {
    name: 'CircleCI',
    isHere: (env) => env['CIRCLECI'] !== undefined,
    branch: given('CIRCLE_BRANCH'),
    url: given('CIRCLE_BUILD_URL'),
    job: given('CIRCLE_JOB'),
  },
];

/** Each is absent where nobody tells. Texts are plain lines without secrets; an address is one of HTTP, or left out. */
export function sourceContextOf(
  folder: string,
  env: Env,
): Pick<Environment, 'commit' | 'branch' | 'subject' | 'author' | 'ci'> {
  const commit = commitOf(folder, env);
  const ci = systems.find(({ isHere }) => isHere(env));
  const { branch, subject, author } = fromGit(folder, commit);
  return {
    ...(commit !== undefined && { commit }),
    ...line('branch', ci?.branch(env) || branch),
    ...line('subject', ci?.subject?.(env) || subject),
    ...line('author', ci?.author?.(env) || author),
    ...(ci !== undefined && { ci: systemOf(ci, env) }),
  };
}

function systemOf({ name, url, job }: KnownCi, env: Env): CiSystem {
  const address = url(env);
  return {
    name,
    ...(address !== undefined && /^https?:\/\/\S+$/.test(address) && { url: maskText(address) }),
    ...line('job', job(env)),
  };
}

/** Of the commit that is told, so that its subject is not that of another; a checkout on no branch has none. */
function fromGit(
  folder: string,
  commit: string | undefined,
): { readonly branch?: string; readonly subject?: string; readonly author?: string } {
  if (commit === undefined) return {};
  const [subject, author] =
    git(folder, ['log', '-1', '--no-show-signature', '--format=%s%n%an', commit])?.split('\n') ?? [];
  const branch = git(folder, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return {
    ...(branch !== undefined && { branch }),
    ...(subject !== undefined && { subject }),
    ...(author !== undefined && { author }),
  };
}

function git(folder: string, words: readonly string[]): string | undefined {
  try {
    return execFileSync('git', words, {
      cwd: folder,
      timeout: gitTimeoutMs,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    }).trim();
  } catch {
    return undefined; // no git, no repository, or a shallow checkout of another commit: it is not known
  }
}

function line<Key extends string>(key: Key, text: string | undefined): Partial<Record<Key, string>> {
  const [first = ''] = (text ?? '').trim().split(/[\r\n]/);
  return first === '' ? {} : ({ [key]: entryName(first) } as Record<Key, string>);
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return parts.some((part) => part === undefined || part === '')
    ? undefined
    : parts.map((part) => part?.replace(/\/$/, '')).join('/');
}

function withoutRef(ref: string | undefined): string | undefined {
  return ref?.replace(/^refs\/(?:heads|tags)\//, '');
}
