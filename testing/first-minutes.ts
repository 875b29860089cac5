/** One project from an empty folder to its first load test, with nothing but Node and a package manager. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';

export interface SetUp {
  /** Version of `@playwright/test`. */
  readonly playwright: string;
  readonly manager: 'npm' | 'pnpm';
  readonly type: 'module' | 'commonjs';
}

/** The oldest version that the package takes, and the newest that it is tested with. */
const playwrights = ['1.57.0', '1.65.1'];

export const setUps: readonly SetUp[] = playwrights.flatMap((playwright) =>
  (['npm', 'pnpm'] as const).flatMap((manager) =>
    (['module', 'commonjs'] as const).map((type) => ({ playwright, manager, type })),
  ),
);

export interface FirstMinutes {
  /** Of each step, and in all. */
  readonly seconds: Readonly<Record<string, number>>;
  /** What went wrong; undefined where all is green and the page is there. */
  readonly problem: string | undefined;
}

/** pnpm comes from npm, of the line that Node 20 runs. */
const pnpm = ['npx', '--yes', 'pnpm@10.34.8'];
const commands = {
  npm: { add: ['npm', 'install', '--save-dev'], run: ['npx'] },
  pnpm: { add: [...pnpm, 'add', '--save-dev'], run: [...pnpm, 'exec'] },
} as const;

/** `tarball`: of the package. Load goes to a server of its own on loopback. */
export async function firstMinutes({
  folder,
  tarball,
  ...setUp
}: SetUp & { readonly folder: string; readonly tarball: string }): Promise<FirstMinutes> {
  const server = createServer((_, response) => response.end('<h1>hello</h1>')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const project = await mkdtemp(join(folder, `${setUp.manager}-`));
  await layProject(project, setUp, baseURL);
  const { add, run } = commands[setUp.manager];
  const steps = {
    playwright: [...add, `@playwright/test@${setUp.playwright}`],
    playload: [...add, tarball],
    init: [...run, 'playload', 'init'],
    test: [...run, 'playwright', 'test'],
  };
  const seconds: Record<string, number> = {};
  try {
    const beganAtMs = performance.now();
    for (const [step, command] of Object.entries(steps)) {
      const stepAtMs = performance.now();
      const { code, said } = await ran(command, project);
      seconds[step] = (performance.now() - stepAtMs) / 1_000;
      seconds['in all'] = (performance.now() - beganAtMs) / 1_000;
      if (code !== 0) return { seconds, problem: `\`${command.join(' ')}\` ended with ${code}:\n${said}` };
    }
    const page = join(project, 'load-results/report.html');
    return { seconds, problem: existsSync(page) ? undefined : `there is no ${page}` };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** As `npm init playwright` lays it, without browsers. */
async function layProject(project: string, { type }: SetUp, baseURL: string): Promise<void> {
  const files = {
    'package.json': `${JSON.stringify({ name: 'shop', version: '1.0.0', type, scripts: {} }, undefined, 2)}\n`,
    'playwright.config.ts': `import { defineConfig } from '@playwright/test';

/**
 * See https://playwright.dev/docs/test-configuration.
 */
export default defineConfig({
  testDir: './tests',
  /* Run tests in files in parallel */
  fullyParallel: true,
  /* Fail the build on CI if you accidentally left test.only in the source code. */
  forbidOnly: !!process.env.CI,
  /* Retry on CI only */
  retries: process.env.CI ? 2 : 0,
  /* Opt out of parallel tests on CI. */
  workers: process.env.CI ? 1 : undefined,
  /* Reporter to use. See https://playwright.dev/docs/test-reporters */
  reporter: 'html',
  /* Shared settings for all the projects below. See https://playwright.dev/docs/api/class-testoptions. */
  use: {
    /* Base URL to use in actions like \`await page.goto('')\`. */
    baseURL: '${baseURL}',

    /* Collect trace when retrying the failed test. See https://playwright.dev/docs/trace-viewer */
    trace: 'on-first-retry',
  },

  /* Configure projects for major browsers */
  projects: [
    {
      name: 'api',
    },
  ],
});
`,
    'tests/example.spec.ts': `import { test, expect } from '@playwright/test';

test('has title', async ({ request }) => {
  const response = await request.get('/');
  expect(await response.text()).toContain('hello');
});
`,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }
}

/** Without what a test runner around it says of itself; `PLAYWRIGHT_HTML_OPEN`, or a failure would serve its report. */
function ran(command: readonly string[], cwd: string): Promise<{ readonly code: number; readonly said: string }> {
  const [program = '', ...args] = command;
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:TEST_|PLAYWRIGHT_|PW_|PLAYLOAD_|LOAD_|npm_|CI$)/.test(name),
  );
  const env = { ...Object.fromEntries(own), FORCE_COLOR: '0', PLAYWRIGHT_HTML_OPEN: 'never' };
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, said: stdout + stderr });
    });
  });
}
