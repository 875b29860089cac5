/** Where specs come from and who runs them: commit, branch and CI job, by what the CI system says, and git. */
import { execFileSync } from 'node:child_process';
import { commitOf, gitTimeoutMs } from './commit.ts';
import { entryName } from './entry-name.ts';
import { maskText } from './mask.ts';
import type { CiSystem, Environment } from './summary.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** What a CI system tells by its variables; where it tells nothing of one, git may. */
interface KnownCi {
  readonly name: string;
  /** Variable that only this one sets. */
  readonly mark: string;
  readonly branch: (env: Env) => string | undefined;
  readonly subject?: (env: Env) => string | undefined;
  readonly author?: (env: Env) => string | undefined;
  /** Of the job, or of the run that it belongs to. */
  readonly url: (env: Env) => string | undefined;
  readonly job: (env: Env) => string | undefined;
  readonly pipeline: (env: Env) => string | undefined;
  readonly run: (env: Env) => string | undefined;
  /** Of the run, where `url` is another. */
  readonly runUrl?: (env: Env) => string | undefined;
}

/** The first of these that says something. */
const given =
  (...names: readonly string[]) =>
  (env: Env) =>
    names.map((name) => env[name]).find((value) => value !== undefined && value !== '');

const systems: readonly KnownCi[] = [
  {
    name: 'GitHub Actions',
    mark: 'GITHUB_ACTIONS',
    branch: given('GITHUB_HEAD_REF', 'GITHUB_REF_NAME'),
    url: (env) => joined([env['GITHUB_SERVER_URL'], env['GITHUB_REPOSITORY'], 'actions', 'runs', env['GITHUB_RUN_ID']]),
    job: given('GITHUB_JOB'),
    pipeline: given('GITHUB_WORKFLOW'),
    run: given('GITHUB_RUN_ID'),
  },
  {
    name: 'GitLab CI',
    mark: 'GITLAB_CI',
    branch: given('CI_MERGE_REQUEST_SOURCE_BRANCH_NAME', 'CI_COMMIT_REF_NAME'),
    subject: given('CI_COMMIT_TITLE'),
    author: given('CI_COMMIT_AUTHOR'),
    url: given('CI_JOB_URL', 'CI_PIPELINE_URL'),
    job: given('CI_JOB_NAME'),
    pipeline: given('CI_PIPELINE_NAME', 'CI_PROJECT_PATH'),
    run: given('CI_PIPELINE_ID'),
    runUrl: given('CI_PIPELINE_URL'),
  },
  {
    name: 'Azure Pipelines',
    mark: 'TF_BUILD',
    branch: (env) => withoutRef(given('SYSTEM_PULLREQUEST_SOURCEBRANCH', 'BUILD_SOURCEBRANCH')(env)),
    subject: given('BUILD_SOURCEVERSIONMESSAGE'),
    url: ({ SYSTEM_COLLECTIONURI: server, SYSTEM_TEAMPROJECT: project, BUILD_BUILDID: build }) => {
      const at = joined([server, project && encodeURIComponent(project), '_build', 'results']);
      return at === undefined || build === undefined ? undefined : `${at}?buildId=${build}`;
    },
    job: given('SYSTEM_JOBDISPLAYNAME', 'AGENT_JOBNAME'),
    pipeline: given('BUILD_DEFINITIONNAME'),
    run: given('BUILD_BUILDID'),
  },
  {
    name: 'Jenkins',
    mark: 'JENKINS_URL',
    branch: (env) => given('CHANGE_BRANCH', 'BRANCH_NAME')(env) ?? env['GIT_BRANCH']?.replace(/^origin\//, ''),
    url: given('BUILD_URL'),
    job: given('JOB_NAME'),
    pipeline: given('JOB_NAME'),
    run: given('BUILD_NUMBER'),
  },
  {
    name: 'Buildkite',
    mark: 'BUILDKITE',
    branch: given('BUILDKITE_BRANCH'),
    subject: given('BUILDKITE_MESSAGE'),
    author: given('BUILDKITE_BUILD_AUTHOR'),
    url: ({ BUILDKITE_BUILD_URL: build, BUILDKITE_JOB_ID: job }) =>
      build === undefined || job === undefined ? build : `${build}#${job}`,
    job: given('BUILDKITE_LABEL', 'BUILDKITE_PIPELINE_SLUG'),
    pipeline: given('BUILDKITE_PIPELINE_NAME', 'BUILDKITE_PIPELINE_SLUG'),
    run: given('BUILDKITE_BUILD_ID'),
    runUrl: given('BUILDKITE_BUILD_URL'),
  },
  {
    name: 'CircleCI',
    mark: 'CIRCLECI',
    branch: given('CIRCLE_BRANCH'),
    url: given('CIRCLE_BUILD_URL'),
    job: given('CIRCLE_JOB'),
    pipeline: given('CIRCLE_PROJECT_REPONAME'),
    run: given('CIRCLE_WORKFLOW_ID'),
  },
];

function systemHere(env: Env): KnownCi | undefined {
  return systems.find(({ mark }) => given(mark)(env) !== undefined);
}

/** Each is absent where nobody tells. Texts are plain lines without secrets; an address is one of HTTP, or left out. */
export function sourceContextOf(
  folder: string,
  env: Env,
): Pick<Environment, 'commit' | 'branch' | 'subject' | 'author' | 'ci'> {
  const commit = commitOf(folder, env);
  const ci = systemHere(env);
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
  return { name, ...address('url', url(env)), ...line('job', job(env)) };
}

/** Where a run of a CI system belongs. */
export interface PipelineRun {
  readonly branch?: string;
  /** Of the pipeline. */
  readonly name?: string;
  readonly run?: string;
  readonly url?: string;
  /** The job within it. */
  readonly task?: string;
}

/** As `sourceContextOf` tells of it, and by the same table; undefined outside of the systems known. */
export function pipelineRunOf(env: Env): PipelineRun | undefined {
  const ci = systemHere(env);
  if (ci === undefined) return undefined;
  return {
    ...line('branch', ci.branch(env)),
    ...line('name', ci.pipeline(env)),
    ...line('run', ci.run(env)),
    ...address('url', ci.runUrl?.(env) ?? ci.url(env)),
    ...line('task', ci.job(env)),
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

function address<Key extends string>(key: Key, text: string | undefined): Partial<Record<Key, string>> {
  return text !== undefined && /^https?:\/\/\S+$/.test(text) ? ({ [key]: maskText(text) } as Record<Key, string>) : {};
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return parts.some((part) => part === undefined || part === '')
    ? undefined
    : parts.map((part) => part?.replace(/\/$/, '')).join('/');
}

function withoutRef(ref: string | undefined): string | undefined {
  return ref?.replace(/^refs\/(?:heads|tags)\//, '');
}
