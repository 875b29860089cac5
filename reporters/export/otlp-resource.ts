/**
 * Where results come from, as a resource of OpenTelemetry: commit and branch (`vcs.*`) and what of a CI system ran
 * them (`cicd.*`), by its conventions for both, which are those of version 1.27 on.
 */
import type { Environment } from '../../load/measure/summary.ts';
import { type Attribute, attributeList } from './otlp-attributes.ts';

export type Env = Readonly<Record<string, string | undefined>>;

type Pipeline = Readonly<Record<'name' | 'run' | 'url' | 'task' | 'branch', string | undefined>>;

/** Which variable says what. */
const systems: readonly { readonly has: string; readonly read: (env: Env) => Pipeline }[] = [
  {
    has: 'GITHUB_ACTIONS',
    read: (env) => ({
      name: env['GITHUB_WORKFLOW'],
      run: env['GITHUB_RUN_ID'],
      url: joined(env['GITHUB_SERVER_URL'], '/', env['GITHUB_REPOSITORY'], '/actions/runs/', env['GITHUB_RUN_ID']),
      task: env['GITHUB_JOB'],
      branch: given(env['GITHUB_HEAD_REF']) ?? env['GITHUB_REF_NAME'],
    }),
  },
  {
    has: 'GITLAB_CI',
    read: (env) => ({
      name: given(env['CI_PIPELINE_NAME']) ?? env['CI_PROJECT_PATH'],
      run: env['CI_PIPELINE_ID'],
      url: env['CI_PIPELINE_URL'],
      task: env['CI_JOB_NAME'],
      branch: env['CI_COMMIT_REF_NAME'],
    }),
  },
  {
    has: 'TF_BUILD',
    read: (env) => ({
      name: env['BUILD_DEFINITIONNAME'],
      run: env['BUILD_BUILDID'],
      url: joined(
        env['SYSTEM_COLLECTIONURI'],
        encoded(env['SYSTEM_TEAMPROJECT']),
        '/_build/results?buildId=',
        env['BUILD_BUILDID'],
      ),
      task: env['SYSTEM_JOBDISPLAYNAME'],
      branch: env['BUILD_SOURCEBRANCHNAME'],
    }),
  },
  {
    has: 'CIRCLECI',
    read: (env) => ({
      name: env['CIRCLE_PROJECT_REPONAME'],
      run: env['CIRCLE_WORKFLOW_ID'],
      url: env['CIRCLE_BUILD_URL'],
      task: env['CIRCLE_JOB'],
      branch: env['CIRCLE_BRANCH'],
    }),
  },
  {
    has: 'BUILDKITE',
    read: (env) => ({
      name: env['BUILDKITE_PIPELINE_NAME'],
      run: env['BUILDKITE_BUILD_ID'],
      url: env['BUILDKITE_BUILD_URL'],
      task: env['BUILDKITE_LABEL'],
      branch: env['BUILDKITE_BRANCH'],
    }),
  },
  {
    has: 'JENKINS_URL',
    read: (env) => ({
      name: env['JOB_NAME'],
      run: env['BUILD_NUMBER'],
      url: env['BUILD_URL'],
      task: env['STAGE_NAME'],
      branch: given(env['BRANCH_NAME']) ?? env['GIT_BRANCH'],
    }),
  },
];

export function resourceAttributes({ commit, branch, ci }: Partial<Environment>, env: Env): Attribute[] {
  const pipeline = systems.find(({ has }) => given(env[has]) !== undefined)?.read(env);
  return attributeList({
    'service.name': 'playload',
    'vcs.ref.head.revision': commit,
    'vcs.ref.head.name': branch ?? pipeline?.branch,
    'cicd.pipeline.name': pipeline?.name,
    'cicd.pipeline.run.id': pipeline?.run,
    'cicd.pipeline.run.url.full': pipeline?.url ?? ci?.url,
    'cicd.pipeline.task.name': pipeline?.task ?? ci?.job,
  });
}

function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function encoded(text: string | undefined): string | undefined {
  return text === undefined ? undefined : encodeURIComponent(text);
}

/** Nothing where a part is missing. */
function joined(...parts: readonly (string | undefined)[]): string | undefined {
  return parts.some((part) => given(part) === undefined) ? undefined : parts.join('');
}
