import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { sourceContextOf } from './source-context.ts';

const systems: readonly { readonly env: Record<string, string>; readonly told: object }[] = [
  {
    env: {
      ...{ GITHUB_ACTIONS: 'true', GITHUB_SHA: 'a1', GITHUB_HEAD_REF: 'fix', GITHUB_REF_NAME: '7/merge' },
      ...{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'o/r', GITHUB_RUN_ID: '42', GITHUB_JOB: 'load' },
    },
    told: {
      ...{ commit: 'a1', branch: 'fix' },
      ci: { name: 'GitHub Actions', url: 'https://github.com/o/r/actions/runs/42', job: 'load' },
    },
  },
  {
    env: { GITHUB_ACTIONS: 'true', GITHUB_HEAD_REF: '', GITHUB_REF_NAME: 'main' },
    told: { branch: 'main', ci: { name: 'GitHub Actions' } },
  },
  {
    env: {
      ...{ GITLAB_CI: 'true', CI_COMMIT_SHA: 'b2', CI_COMMIT_REF_NAME: 'main', CI_COMMIT_TITLE: 'mend it' },
      ...{ CI_COMMIT_AUTHOR: 'Ada <a@b>', CI_JOB_URL: 'https://gitlab.test/j/1', CI_JOB_NAME: 'nightly' },
    },
    told: {
      ...{ commit: 'b2', branch: 'main', subject: 'mend it', author: 'Ada <a@b>' },
      ci: { name: 'GitLab CI', url: 'https://gitlab.test/j/1', job: 'nightly' },
    },
  },
  {
    env: {
      ...{ TF_BUILD: 'True', BUILD_SOURCEVERSION: 'c3', BUILD_SOURCEBRANCH: 'refs/heads/a/b' },
      ...{ BUILD_SOURCEVERSIONMESSAGE: 'one\ntwo', SYSTEM_COLLECTIONURI: 'https://dev.azure.com/o/' },
      ...{ SYSTEM_TEAMPROJECT: 'my project', BUILD_BUILDID: '9', SYSTEM_JOBDISPLAYNAME: 'Load' },
    },
    told: {
      ...{ commit: 'c3', branch: 'a/b', subject: 'one' },
      ci: {
        name: 'Azure Pipelines',
        url: 'https://dev.azure.com/o/my%20project/_build/results?buildId=9',
        job: 'Load',
      },
    },
  },
  {
    env: {
      JENKINS_URL: 'http://j/',
      GIT_COMMIT: 'd4',
      GIT_BRANCH: 'origin/main',
      BUILD_URL: 'http://j/1',
      JOB_NAME: 'n',
    },
    told: { commit: 'd4', branch: 'main', ci: { name: 'Jenkins', url: 'http://j/1', job: 'n' } },
  },
  {
    env: {
      ...{ BUILDKITE: 'true', BUILDKITE_COMMIT: 'e5', BUILDKITE_BRANCH: 'main', BUILDKITE_MESSAGE: 'm\n\nmore' },
      ...{
        BUILDKITE_BUILD_AUTHOR: 'Bo',
        BUILDKITE_BUILD_URL: 'https://b/1',
        BUILDKITE_JOB_ID: 'x',
        BUILDKITE_LABEL: 'l',
      },
    },
    told: {
      ...{ commit: 'e5', branch: 'main', subject: 'm', author: 'Bo' },
      ci: { name: 'Buildkite', url: 'https://b/1#x', job: 'l' },
    },
  },
  {
    env: {
      CIRCLECI: 'true',
      CIRCLE_SHA1: 'f6',
      CIRCLE_BRANCH: 'main',
      CIRCLE_BUILD_URL: 'https://c/1',
      CIRCLE_JOB: 'l',
    },
    told: { commit: 'f6', branch: 'main', ci: { name: 'CircleCI', url: 'https://c/1', job: 'l' } },
  },
  { env: { BUILD_URL: 'https://other/1', CI: '1' }, told: {} },
  {
    env: { JENKINS_URL: 'x', BUILD_URL: 'javascript:alert(1)', BRANCH_NAME: 'a\u001b[31mb', JOB_NAME: '\n' },
    told: { branch: 'ab', ci: { name: 'Jenkins' } },
  },
  {
    env: { JENKINS_URL: 'x', BUILD_URL: 'https://me:secret@j/1' },
    told: { ci: { name: 'Jenkins', url: 'https://***@j/1' } },
  },
];
for (const { env, told } of systems)
  test(`${JSON.stringify(env).slice(0, 100)} tells ${JSON.stringify(told)}`, () => {
    expect(sourceContextOf('/nowhere', env)).toEqual(told);
  });

test('git tells branch, subject and author of the commit, on no branch no branch, and nothing without a repository', () => {
  const folder = mkdtempSync(join(tmpdir(), 'context-'));
  const git = (...words: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@b', ...words], { cwd: folder, encoding: 'utf8' });
  try {
    expect(sourceContextOf(folder, {})).toEqual({});
    git('init', '--quiet', '--initial-branch', 'trunk');
    git('commit', '--quiet', '--allow-empty', '--message', 'first: begin\n\nmore');
    const commit = git('rev-parse', 'HEAD').trim();
    expect(sourceContextOf(folder, {})).toEqual({ commit, branch: 'trunk', subject: 'first: begin', author: 'Ada' });
    git('checkout', '--quiet', '--detach');
    expect(sourceContextOf(folder, {})).toEqual({ commit, subject: 'first: begin', author: 'Ada' });
    expect(sourceContextOf(folder, { GITHUB_SHA: 'f'.repeat(40) })).toEqual({ commit: 'f'.repeat(40) });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
