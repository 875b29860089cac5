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
let lastPath = '';
test.beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    lastPath = url;
    response.writeHead(200).end();
  }).listen(0, '127.0.0.1');
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

async function start(parts: SuiteParts): Promise<OnTerminal> {
  await write(parts);
  return onTerminal([process.execPath, cli, 'test'], { cwd: folder(), env: cleanEnvironment(), ...size });
}

async function onScreen(parts: SuiteParts): Promise<OnTerminal> {
  const terminal = await start(parts);
  await terminal.ended;
  return terminal;
}

const loadOf = (title: string, lasts: string, before = '') => `test(${JSON.stringify(title)}, async ({ load }) => {
  ${before}
  await load(arrivals('50/s').for('${lasts}'), ({ request }) => request.get('/', { name: 'page' }), { unjudged: true, whenSaturated: 'warn' });
});\n`;
const plain = (title: string, body = '') => `test(${JSON.stringify(title)}, async () => { ${body} });\n`;

/** `▸ a load  0:02 of 0:03, 1s left · 50.0/s · p95 1.20 ms · 0 % errors`. */
const row = /^▸ (.+?) {2,}0:0\d of 0:\d\d, \d+s left( [▁▂▃▄▅▆▇█]+)?( · .*)?$/;
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

/** Workers start when they can: each waits until the other has come so far. */
const meets = (own: string, other: string) => `
  const { existsSync, writeFileSync } = await import('node:fs');
  writeFileSync('${own}.there', '');
  while (!existsSync('${other}.there')) await new Promise((done) => setTimeout(done, 20));`;

const two = {
  'a.spec.ts': loadOf('first load', '4s', meets('a', 'b')) + plain('afterwards', "console.log('said by a test');"),
  'b.spec.ts':
    [1, 2, 3]
      .map((n) => plain(`before ${n}`, "console.log('said ' + 'in pieces'); process.stdout.write('open');"))
      .join('') + loadOf('second load', '3s', meets('b', 'a')),
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

test('a load that outlasts a screenful of tests leaves every row in its place', async () => {
  const many = Array.from({ length: 40 }, (_, n) =>
    plain(`test ${n + 1}`, 'await new Promise((done) => setTimeout(done, 60));'),
  );
  const files = { 'a.spec.ts': loadOf('long load', '4s'), 'b.spec.ts': many.join('') };
  const terminal = await onScreen({ reporters: [['list'], [reporterPath]], files, workers: 2 });
  expectClean(terminal.screens());
  const end = terminal.history();
  for (let n = 1; n <= 40; n++)
    expect(
      end.filter((line) => new RegExp(`✓ +\\d+ b\\.spec\\.ts:\\d+:\\d+ › test ${n} \\(`).test(line)),
      end.join('\n'),
    ).toHaveLength(1);
  expect(end.filter((line) => /✓ +\d+ a\.spec\.ts:\d+:\d+ › long load \(/.test(line))).toHaveLength(1);
});

test('a load of a second is seen', async () => {
  const terminal = await onScreen({
    reporters: [['list'], [reporterPath]],
    files: { 'a.spec.ts': loadOf('short', '1s') },
  });
  const seen = terminal
    .screens()
    .flat()
    .filter((line) => /^▸ short +0:0[01] of 0:01, [01]s left/.test(line));
  expect(seen.length).toBeGreaterThan(0);
  expect(
    seen.some((line) => withFigures.test(line)),
    seen.join('\n'),
  ).toBe(true);
});

test('a worker that is killed takes its row with it', async () => {
  const kill = `test('killed', async ({ load }) => {
    await load(arrivals('50/s').for('30s'), ({ request }) => request.get('/' + process.pid), { unjudged: true });
  });`;
  const terminal = await start({ reporters: [['dot'], [reporterPath]], files: { 'a.spec.ts': kill } });
  await expect.poll(() => terminal.shown().includes('▸ killed'), { timeout: 60_000 }).toBe(true);
  await expect.poll(() => lastPath, { timeout: 60_000 }).toMatch(/^\/\d+$/); // the row may come before a request
  process.kill(Number(lastPath.slice(1)), 'SIGKILL');
  await terminal.ended;
  expectClean(terminal.screens());
  expect(
    terminal
      .screens()
      .flat()
      .some((line) => line.startsWith('▸ killed')),
  ).toBe(true);
  expect(terminal.history().join('\n')).not.toContain('▸');
});

/** Without a terminal, as in CI. */
async function logOf(parts: SuiteParts): Promise<string> {
  await write(parts);
  const child = spawn(process.execPath, [cli, 'test'], { cwd: folder(), env: cleanEnvironment() });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child, 'close');
  return said;
}

const logs = [
  { reporter: ['dot'], ours: {}, told: 1 },
  { reporter: ['list'], ours: { terminal: 'off' }, told: 0 },
] as const;
for (const { reporter, ours, told } of logs) {
  test(`in a log, beside \`${reporter[0]}\` with ${JSON.stringify(ours)}, a load of 16 seconds tells of itself ${told} times`, async () => {
    const files = { 'a.spec.ts': plain('before') + loadOf('a load', '16s') };
    const log = await logOf({ reporters: [reporter, [reporterPath, ours]], files });
    const lines = log.split('\n').filter((line) => line.includes('s left'));
    expect(lines, log).toHaveLength(told);
    for (const line of lines) {
      const words =
        /^a\.spec\.ts › a load: 0:(1\d) of 0:16, (\d)s left · [\d.]+\/s · p95 [\d.]+ m?s · 0 % errors · event loop [\d.]+ %(?:, saturated)?$/;
      const [, elapsedS, leftS] = words.exec(line) ?? [];
      expect([15, 16], line).toContain(Number(elapsedS) + Number(leftS)); // one is cut, one is rounded
    }
  });
}
