import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { commitOf } from './commit.ts';

const told = [
  { env: { GITHUB_SHA: 'a1', CI_COMMIT_SHA: 'b2' }, commit: 'a1' },
  { env: { CI_COMMIT_SHA: 'b2' }, commit: 'b2' },
];
for (const { env, commit } of told)
  test(`the commit of ${JSON.stringify(env)} is ${commit}`, () => expect(commitOf('/nowhere', env)).toBe(commit));

test('where nobody says it, it is what git says, and nothing where there is no repository', () => {
  const folder = mkdtempSync(join(tmpdir(), 'commit-'));
  const git = (...words: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder, encoding: 'utf8' });
  try {
    expect(commitOf(folder, {})).toBeUndefined();
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message', 'first');
    expect(commitOf(folder, {})).toBe(git('log', '--format=%H').trim());
  } finally {
    rmSync(folder, { recursive: true });
  }
});
