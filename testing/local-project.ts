/**
 * For tests: a project as a user has it, with a server that Playwright starts, to be run by the `playload` command. The
 * server and the global setup write down each start of theirs; the server also each request, with the moment.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reporterPath } from './child-suite.ts';

const root = resolve(import.meta.dirname, '..');
const tsx = resolve(root, 'node_modules/tsx/dist/esm/index.mjs');

const server = `import { createServer } from 'node:http';
import { appendFileSync } from 'node:fs';
appendFileSync('starts.log', process.pid + '\\n');
const server = createServer((request, response) => {
  appendFileSync('requests.log', Date.now() + ' ' + request.url + '\\n');
  response.end('ok');
}).listen(0, '127.0.0.1', () => console.log('ready pid=' + process.pid + ' port=' + server.address().port));
`;

const setup = `import { appendFileSync } from 'node:fs';
export default () => {
  appendFileSync('setups.log', 'setup\\n');
  process.env.TOKEN = 'from the setup';
  return () => appendFileSync('setups.log', 'teardown\\n');
};
`;

const config = (reporters: readonly unknown[]) => `export default {
  workers: 1,
  respectGitIgnore: false,
  reporter: ${JSON.stringify(reporters)},
  use: { baseURL: 'http://127.0.0.1:' + process.env.SERVER_PORT },
  globalSetup: './setup.ts',
  webServer: {
    command: 'exec node server.mjs',
    wait: { stdout: /ready pid=(?<server_pid>\\d+) port=(?<server_port>\\d+)/ },
  },
  projects: [{ name: 'load', metadata: { load: true } }],
};
`;

/** `spec` is the body of a spec file; `expect`, `test`, `arrivals` and `users` are there. */
export async function writeLocalProject(
  folder: string,
  spec: string,
  reporters: readonly unknown[] = [['list'], [reporterPath, { html: false }]],
): Promise<void> {
  await mkdir(join(folder, 'tmp'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const names = `import { arrivals, expect, test, users } from ${JSON.stringify(join(root, 'load/index.ts'))};`;
  const files = {
    'package.json': '{ "type": "module" }',
    'server.mjs': server,
    'setup.ts': setup,
    'playwright.config.ts': config(reporters),
    'load.spec.ts': `${names}\n${spec}\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

export interface CommandResult {
  readonly code: number | null;
  readonly said: string;
}

/** `playload` with its temporary files in `tmp/` of the folder. `during` is told of the process, and may send it a signal. */
export async function runCommand(
  folder: string,
  args: readonly string[],
  during?: (command: ChildProcess) => Promise<void>,
  more: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const foreign = /^(?:PW|PLAYWRIGHT|TEST_|GITHUB_|CI$|CI_|LOAD_|SERVER_|FORCE_COLOR|NO_COLOR|DEBUG_COLORS)/;
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  const command = spawn(process.execPath, ['--import', tsx, join(root, 'cli/main.ts'), ...args], {
    cwd: folder,
    env: { ...clean, TMPDIR: join(folder, 'tmp'), ...more },
  });
  let said = '';
  for (const stream of [command.stdout, command.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const ended = new Promise<number | null>((done, failed) => command.on('exit', done).on('error', failed));
  await during?.(command);
  return { code: await ended, said };
}

/** Empty where nobody has written it yet. */
export async function linesOf(folder: string, log: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, log), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}
