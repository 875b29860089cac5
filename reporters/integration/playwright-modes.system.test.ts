/**
 * The reporter in each way in which Playwright makes one: `test`, `--list`, the server behind `--ui` and the editors, and
 * `merge-reports`. Each hands it options of its own, which are none of its business.
 */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { WebSocket } from 'undici';
import { atMost } from '../../testing/recorded-run.ts';
import { type ChildResult, reporterPath, runPlaywright, writeSuite } from '../../testing/child-suite.ts';

const folder = () => resolve(tmpdir(), `playload-modes-${process.pid}`, test.info().testId);
test.afterEach(async () => rm(folder(), { recursive: true, force: true }));

const tests = [{ title: 'green', attaches: [{ thresholds: [atMost('p95', 200)] }] }];

/** Asks the server what an editor asks it; it goes on until it is interrupted. */
function askTestServer(): (stdout: string) => void {
  let asked = false;
  return (stdout) => {
    const [, address] = /Listening on (ws:\S+)/.exec(stdout) ?? [];
    if (address === undefined || asked) return;
    asked = true;
    const socket = new WebSocket(address);
    const call = (id: number, method: string) => socket.send(JSON.stringify({ id, method, params: {} }));
    socket.addEventListener('open', () => {
      call(1, 'initialize');
      call(2, 'listTests');
      call(3, 'runTests');
    });
  };
}

async function blobThenMerge(cwd: string): Promise<ChildResult> {
  await runPlaywright(cwd, { env: { PLAYWRIGHT_BLOB_OUTPUT_FILE: resolve(cwd, 'blobs/report.zip') } });
  return runPlaywright(cwd, { args: ['merge-reports', '-c', 'merge.config.ts', 'blobs'] });
}

const modes: {
  readonly mode: string;
  readonly run: (cwd: string) => Promise<ChildResult>;
  readonly says: string;
  readonly code?: number;
}[] = [
  { mode: 'test', run: async (cwd) => runPlaywright(cwd), says: '✓ passed · 1 load run' },
  {
    mode: '--list',
    run: async (cwd) => runPlaywright(cwd, { args: ['test', '--list'] }),
    says: 'Total: 1 test in 1 file',
  },
  {
    mode: 'test-server',
    run: async (cwd) =>
      runPlaywright(cwd, {
        args: ['test-server', '--host=127.0.0.1'],
        onSaid: askTestServer(),
        interruptAt: '✓ passed · 1 load run',
      }),
    says: '✓ passed · 1 load run',
    code: 130,
  },
  { mode: 'merge-reports', run: blobThenMerge, says: '✓ passed · 1 load run' },
];
for (const { mode, run, says, code = 0 } of modes) {
  test(`\`${mode}\` takes the reporter as it is configured`, async () => {
    await writeSuite({ folder: folder(), tests, reporters: [['blob'], [reporterPath, { html: false }]] });
    const result = await run(folder());
    expect(result.stderr).not.toContain('is no option');
    expect(result.stdout).toContain(says);
    expect(result.code).toBe(code);
  });
}

for (const { mode, run } of modes.filter(({ mode }) => mode !== 'test-server')) {
  test(`\`${mode}\` refuses an option that its author wrote and that does not exist`, async () => {
    await writeSuite({ folder: folder(), tests, reporters: [['blob'], [reporterPath, { htlm: false }]] });
    if (mode === 'merge-reports') {
      await writeSuite({ folder: folder(), tests, reporters: [['blob'], [reporterPath]] });
      await runPlaywright(folder(), { env: { PLAYWRIGHT_BLOB_OUTPUT_FILE: resolve(folder(), 'blobs/report.zip') } });
      await writeSuite({ folder: folder(), tests, reporters: [[reporterPath, { htlm: false }]] });
    }
    const { code, stdout, stderr } = await run(folder());
    expect(stdout + stderr).toContain('load reporter: `htlm` is no option; there are');
    expect(code).toBe(1);
  });
}
