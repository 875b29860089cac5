/** Loads under way on a real terminal of 80 × 24, beside each of Playwright's reporters, and in a log. */
import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { cleanEnvironment, cli, reporterPath } from '../../testing/child-suite.ts';
import { type OnTerminal, onTerminal } from '../../testing/terminal.ts';

test.describe.configure({ mode: 'default' });

const library = resolve(import.meta.dirname, '../../load/index.ts');
const folder = () => resolve(tmpdir(), `playload-progress-${process.pid}`, test.info().testId);
const size = { columns: 80, rows: 24 };

let server: Server;
test.beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(200).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
});
test.afterEach(async () => rm(folder(), { recursive: true, force: true }));

interface SuiteParts {
  readonly reporters: readonly unknown[];
  readonly files: Readonly<Record<string, string>>;
  readonly workers?: number;
}

async function write({ reporters, files, workers = 1 }: SuiteParts): Promise<void> {
  await mkdir(folder(), { recursive: true });
  const { port } = server.address() as AddressInfo;
  const use = { baseURL: `http://127.0.0.1:${port}` };
  const config = { workers, respectGitIgnore: false, use, reporter: reporters };
  await writeFile(resolve(folder(), 'package.json'), '{ "type": "module" }');
  await writeFile(resolve(folder(), 'playwright.config.ts'), `export default ${JSON.stringify(config)};`);
  for (const [name, text] of Object.entries(files))
    await writeFile(resolve(folder(), name), `import { arrivals, test } from ${JSON.stringify(library)};\n${text}`);
}

async function onScreen(parts: SuiteParts): Promise<OnTerminal> {
  await write(parts);
  const terminal = onTerminal([process.execPath, cli, 'test'], { cwd: folder(), env: cleanEnvironment(), ...size });
  await terminal.ended;
  return terminal;
}

const loadOf = (title: string, lasts: string) => `test(${JSON.stringify(title)}, async ({ load }) => {
  await load(arrivals('50/s').for('${lasts}'), ({ request }) => request.get('/', { name: 'page' }), { unjudged: true, whenSaturated: 'warn' });
});\n`;
const plain = (title: string, body = '') => `test(${JSON.stringify(title)}, async () => { ${body} });\n`;

/** `▸ a load  0:02 of 0:03, 1s left · 50.0/s · p95 1.20 ms · 0 % errors`. */
const row = /^▸ (.+?) {2,}0:0\d of 0:0\d, \ds left( [▁▂▃▄▅▆▇█]+)?( · .*)?$/;
const withFigures = /^▸ .*left.* · [\d.]+\/s · .*p95 [\d.]+ m?s · 0 % errors/;

/** Rows of progress stand together, below all others, and each at most once. */
function expectClean(screens: readonly string[][]): void {
  for (const screen of screens) {
    const text = screen.join('\n');
    const first = screen.findIndex((line) => line.includes('▸') || / left\b.*·/.test(line));
    if (first === -1) continue;
    const rows = screen.slice(first);
    for (const line of rows) expect(line, text).toMatch(row);
    expect(new Set(rows.map((line) => row.exec(line)?.[1])).size, text).toBe(rows.length);
    for (const line of rows) expect(line.length).toBeLessThan(size.columns);
  }
}

const two = {
  'a.spec.ts': loadOf('first load', '4s') + plain('afterwards', "console.log('said by a test');"),
  'b.spec.ts':
    [1, 2, 3]
      .map((n) => plain(`before ${n}`, "console.log('said ' + 'in pieces'); process.stdout.write('open');"))
      .join('') + loadOf('second load', '3s'),
};

for (const name of ['list', 'line', 'dot']) {
  test(`two loads side by side are two rows below what \`${name}\` writes, and are gone in the end`, async () => {
    const terminal = await onScreen({ reporters: [[name], [reporterPath]], files: two, workers: 2 });
    const screens = terminal.screens();
    expectClean(screens);
    const rowsOf = (screen: readonly string[]) => screen.filter((line) => line.startsWith('▸'));
    expect(Math.max(...screens.map((screen) => rowsOf(screen).length)), screens.at(-1)?.join('\n')).toBe(2);
    expect(screens.flat().filter((line) => withFigures.test(line)).length).toBeGreaterThan(3);
    const end = terminal.history().join('\n');
    expect(end).not.toContain('▸');
    expect(end).toContain('said by a test');
    expect(end).toContain('6 passed');
    if (name === 'list')
      for (const title of ['first load', 'second load', 'before 1', 'before 3', 'afterwards'])
        expect(end.match(new RegExp(`✓ +\\d [ab]\\.spec\\.ts:\\d+:\\d+ › ${title} \\(`, 'g')), end).toHaveLength(1);
  });
}
