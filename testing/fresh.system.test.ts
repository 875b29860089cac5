import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { firstMinutes } from './first-minutes.ts';
import { packInto } from './packed-package.ts';

test('from an empty folder to a green load test and its page in under two minutes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'playload-fresh-'));
  try {
    const tarball = await packInto(folder);
    const { problem, seconds } = await firstMinutes({
      playwright: '1.57.0',
      manager: 'npm',
      type: 'commonjs',
      folder,
      tarball,
    });
    expect(problem).toBeUndefined();
    expect(seconds['in all']).toBeLessThan(120);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
