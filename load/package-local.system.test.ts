/** `playload local` of the packed package, with the kinds of configuration that projects have. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { installPacked, packInto } from '../testing/packed-package.ts';

const run = promisify(execFile);

const shared = `test('a packed load test is shared', async ({ load }) => {
  const run = await load(iterations(20, { users: 4 }), ({ request }) => request.get('/'), { whenSaturated: 'warn' });
  expect(run).toMeet({ successRate: '100%', requests: '20' });
});`;

let folder: string;
let server: Server;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-package-local-'));
  server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
  await installPacked(folder, { tarball: await packInto(folder) });
});

test.afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const localConfigs = [
  { name: 'playwright.config.ts', type: 'module', say: 'export default' },
  { name: 'playwright.config.ts', type: 'commonjs', say: 'export default' },
  { name: 'playwright.config.cjs', type: 'commonjs', say: 'module.exports =' },
];
for (const { name, type, say } of localConfigs) {
  test(`\`playload local\` runs two shards with a ${name} in a ${type} project`, async () => {
    const project = join(folder, `local-${type}-${name}`);
    await mkdir(project, { recursive: true });
    await symlink(join(folder, 'node_modules'), join(project, 'node_modules'));
    await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'user', type }));
    await writeFile(join(project, 'a.spec.ts'), `import { expect, iterations, test } from 'playload';\n${shared}`);
    const { port } = server.address() as AddressInfo;
    const config = {
      use: { baseURL: `http://127.0.0.1:${port}` },
      reporter: [['list'], ['playload/reporter']],
      projects: [{ name: 'load', metadata: { load: true } }],
    };
    await writeFile(join(project, name), `${say} ${JSON.stringify(config)};\n`);
    const { bin } = JSON.parse(await readFile(join(folder, 'node_modules/playload/package.json'), 'utf8')) as {
      readonly bin: Readonly<Record<'playload', string>>;
    };
    const command = join(folder, 'node_modules/playload', bin.playload);
    const env = { ...process.env, FORCE_COLOR: '0', CI: '' };
    const { stdout, stderr } = await run(process.execPath, [command, 'local', '--shards', '2'], {
      cwd: project,
      env,
    }).catch((failure: unknown) => failure as { stdout: string; stderr: string });
    expect(stdout, stderr).toContain('20 requests · 100 % ok');
    expect(stdout).toContain('shard 2 │   1 passed');
  });
}
