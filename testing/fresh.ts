/**
 * `npm run fresh`: a team's first minutes with the package. In an empty folder a project as `npm init playwright` makes it,
 * the package out of its tarball, `npx playload init`, `npx playwright test`: with the oldest Playwright and the newest, by npm
 * and pnpm, of both kinds of modules. Prints a table of set-ups with seconds; ends with 1 if one of them is not green.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstMinutes, setUps } from './first-minutes.ts';
import { packInto } from './packed-package.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'playload-fresh-'));
try {
  const tarball = await packInto(folder);
  for (const setUp of setUps) {
    const came = await firstMinutes({ ...setUp, folder, tarball });
    const seconds = Object.entries(came.seconds).map(([step, value]) => `${step} ${value.toFixed(1)} s`);
    const { playwright, manager, type } = setUp;
    say(
      [
        playwright.padEnd(7),
        manager.padEnd(4),
        type.padEnd(8),
        came.problem === undefined ? '✓' : '✗',
        ...seconds,
      ].join('  '),
    );
    if (came.problem === undefined) continue;
    say(came.problem);
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
