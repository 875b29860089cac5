/** How many cores a load is sent from: under a real CPU affinity, and from more than two where the system says there are. */
import { mkdir, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { countingEach } from '../../../testing/counting-each.ts';
import { cleanEnvironment, cli, readSummary, reporterPath } from '../../../testing/child-suite.ts';
import { togetherPath } from '../../../testing/together.ts';

test.describe.configure({ mode: 'default' });

const library = resolve(import.meta.dirname, '../../index.ts');
const each = countingEach('how-many');

async function run(cores: string, { under = [], head = '' }: { under?: readonly string[]; head?: string } = {}) {
  await mkdir(each.folder, { recursive: true });
  const config = {
    workers: 1,
    respectGitIgnore: false,
    use: { baseURL: each.server.url },
    reporter: [['list'], [reporterPath]],
  };
  const files = {
    'package.json': '{ "type": "module" }',
    'playwright.config.ts': `export default ${JSON.stringify(config)};`,
    'load.spec.ts': `${head}
      import { expect, iterations, test } from ${JSON.stringify(library)};
      import { together } from ${JSON.stringify(togetherPath)};
      test('load', async ({ load }) => {
        const told = ({ request, iteration }) => request.get('/' + (process.env.LOAD_CORE ?? 1) + '/' + iteration);
        const scenario = typeof ${cores} === 'number' ? together(told, { folder: import.meta.dirname, what: 'load', cores: ${cores} }) : told;
        const run = await load(iterations(62, { users: 7 }), scenario, { cores: ${cores}, whenSaturated: 'warn' });
        expect(run).toMeet({ requests: '62', successRate: '100%' });
      });`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(resolve(each.folder, name), text);
  const words: readonly string[] = [...under, process.execPath, cli, 'test'];
  const [program = '', ...args] = words;
  return promisify(execFile)(program, args, { cwd: each.folder, env: cleanEnvironment() }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (failure: unknown) => failure as { readonly code: number; readonly stdout: string },
  );
}

test('`auto` on one core of the machine is one, and what kept it from more is said once', async () => {
  const { code, stdout } = await run("'auto'", { under: ['taskset', '-c', '0'] });
  expect(code, stdout).toBe(0);
  const why = /1 by `auto`: 1 of the machine's \d+ may be used \(CPU affinity\)/;
  expect(stdout.match(new RegExp(why, 'g'))).toHaveLength(1);
  const [summary] = (await readSummary(each.folder)).runs;
  expect(summary?.coresWhy).toMatch(why);
  expect(summary?.cores).toBeUndefined();
  expect(each.server.paths).toHaveLength(62);
});

test('more cores than may be used are refused once, before anything is sent', async () => {
  const { code, stdout } = await run('2', { under: ['taskset', '-c', '0'] });
  expect(code).toBe(1);
  expect(stdout.match(/`cores` must be at most 1, .*, got 2: generators that share a core/g)).toHaveLength(1);
  expect(each.server.paths).toEqual([]);
});

/** As on a machine of eight: each process asks the system anew. */
const eight = `import os from 'node:os';
import { syncBuiltinESMExports } from 'node:module';
os.availableParallelism = () => 8;
syncBuiltinESMExports();`;

for (const cores of [3, 4]) {
  test(`${cores} cores send each iteration once, also where they share what there is`, async () => {
    const { code, stdout } = await run(String(cores), { head: eight });
    expect(code, stdout).toBe(0);
    const sent = each.server.paths.map((path) => path.split('/').slice(1).map(Number));
    expect(sent).toHaveLength(62);
    expect(new Set(sent.map(([, iteration]) => iteration)).size).toBe(62);
    expect([...new Set(sent.map(([core]) => core))].sort()).toEqual(Array.from({ length: cores }, (_, n) => n + 1));
    expect(stdout).toMatch(new RegExp(`${cores} cores, begun [\\d.]+ m?s apart`));
    const { runs, segments } = await readSummary(each.folder);
    expect(runs.map(({ cores: of, requests }) => [of, requests.ok])).toEqual([[cores, 62]]);
    expect(runs[0]?.startSkewMs).toBeGreaterThanOrEqual(0);
    expect(segments).toEqual({ expected: cores, present: Array.from({ length: cores }, (_, n) => n + 1) });
  });
}
