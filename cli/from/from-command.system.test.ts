/** The command writes specs that compile, of the recording among the examples and of the agent's own description. */
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from '@playwright/test';
import { startTestAgent } from '../../server/testing/agent.ts';
import { complaints } from '../../testing/compiled-spec.ts';
import { runCommand } from '../../testing/local-project.ts';
import { test } from '../../testing/plain-test.ts';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-from-'));
  await mkdir(join(folder, 'tmp'));
});
test.afterEach(async () => rm(folder, { recursive: true, force: true }));

test('the example of a recording is what the command makes of it', async () => {
  const examples = join(root, 'examples');
  await copyFile(join(examples, 'journey.har'), join(folder, 'journey.har'));
  const { code, said } = await runCommand(folder, ['from', 'har', 'journey.har', '--users', '10', '--for', '5s']);
  expect(code, said).toBe(0);
  const example = await readFile(join(examples, 'journey.spec.ts'), 'utf8');
  expect(said).toContain(example);
  expect(complaints(join(examples, 'journey.spec.ts'))).toEqual([]);
});

test("of the agent's own description, each operation is one task of a spec that compiles", async () => {
  const agent = await startTestAgent();
  const text = await (await agent.app.request('/openapi.json')).text();
  await agent.stop();
  await writeFile(join(folder, 'openapi.json'), text);
  const made = await runCommand(folder, ['from', 'openapi', 'openapi.json', '--out', 'made.ts']);
  expect(made.code, made.said).toBe(0);
  expect(complaints(join(folder, 'made.ts'))).toEqual([]);
  const spec = await readFile(join(folder, 'made.ts'), 'utf8');
  const { paths } = JSON.parse(text) as { readonly paths: Readonly<Record<string, object>> };
  const rows = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) expect(spec.split(`'${row} is answered well'`)).toHaveLength(2);
  expect(spec.match(/await request\./g)).toHaveLength(rows.length);
});

const oneRequest = JSON.stringify({
  log: {
    entries: [
      {
        startedDateTime: '2026-10-10T12:00:00Z',
        request: { method: 'GET', url: 'http://shop.example/a' },
        response: { status: 200 },
      },
    ],
  },
});

const bad = [
  { args: ['from'], code: 2, says: '`from` reads har, trace or openapi, got ""' },
  { args: ['from', 'toString', 'x'], code: 2, says: '`from` reads har, trace or openapi, got "toString"' },
  { args: ['from', '--help'], code: 0, says: 'Usage: npx playload from har' },
  { args: ['from', 'har'], code: 2, says: '`playload from har` reads one file, got none' },
  { args: ['from', 'har', 'a', 'b'], code: 2, says: 'reads one file, got 2' },
  { args: ['from', 'har', 'a', '--al'], code: 2, says: '`--al` is no option of `playload from har`' },
  { args: ['from', 'openapi', 'a', '--all'], code: 2, says: '`--all` is no option of `playload from openapi`' },
  { args: ['from', 'openapi', 'a', '--origin', 'http://a'], code: 2, says: '`--origin` is no option' },
  { args: ['from', 'har', 'a', '--users', '0'], code: 2, says: '`--users` must be a whole number from 1' },
  { args: ['from', 'har', 'a', '--for', 'ever'], code: 2, says: '`--for` must be a duration' },
  { args: ['from', 'har', 'a', '--origin', 'x'], code: 2, says: '`--origin` must be such as https://api.example.com' },
  { args: ['from', 'har', 'a', '--out', 'there.ts'], code: 2, says: '`there.ts` is there already' },
  { args: ['from', 'har', 'none.har'], code: 1, says: '`none.har` cannot be used: there is no such file' },
  { args: ['from', 'har', 'empty.har'], code: 1, says: '`empty.har` has nothing to replay: it has no requests' },
];
for (const { args, code, says } of bad) {
  test(`\`playload ${args.join(' ')}\` ends with ${code} and says why`, async () => {
    await writeFile(join(folder, 'there.ts'), 'mine');
    await writeFile(join(folder, 'empty.har'), '{"log":{"entries":[]}}');
    const result = await runCommand(folder, args);
    expect(result.said).toContain(says);
    expect(result.code).toBe(code);
    expect(await readFile(join(folder, 'there.ts'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).toHaveLength(3);
  });
}

test('a spec is written into a folder that is not there yet', async () => {
  await writeFile(join(folder, 'a.har'), oneRequest);
  const made = await runCommand(folder, ['from', 'har', 'a.har', '--out', 'specs/new/a.spec.ts']);
  expect(made.code, made.said).toBe(0);
  expect(await readFile(join(folder, 'specs/new/a.spec.ts'), 'utf8')).toContain("request.get('/a')");
});
