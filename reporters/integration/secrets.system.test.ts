/**
 * A real load of a server that is given and returns secrets in every place, under names meant for whoever obeys a log:
 * nothing that is written or printed holds a secret, and no line begins as a command.
 */
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { inflateRawSync } from 'node:zlib';
import { payloadAttachment, type RunPayload } from '../../load/measure/payload.ts';
import { decodeRun } from '../../load/measure/decode-run.ts';
import { reporterPath, runPlaywright } from '../../testing/child-suite.ts';

const secret = 'Zq7Planted9Secret4Value';
const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI${secret}In0.c2ln${secret}`;
const secretHeaders = ['x-access-token', 'private-token', 'x-csrf-token', 'apikey', 'x-vault-token'].concat(
  'x-amz-security-token',
);
const hostile =
  'x\n::error::owned\r##[error]y\n##vso[task.complete]\u001b[31m</script><img src=x onerror=alert(1)>|`<b>';

let server: Server;
let baseURL: string;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.statusCode = request.url?.startsWith('/fails') === true ? 500 : 200;
      for (const name of secretHeaders) response.setHeader(name, secret);
      response.setHeader('location', `/next?code=${secret}&access_token=${secret}`);
      response.end(JSON.stringify({ plain: 'body-stays', access_token: secret, user: { password: secret }, jwt }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

/** The secrets come from the environment, as they should: a spec is shown in the reports of its errors. */
const scenario = `async ({ request, check, group, metrics, iteration }) => {
  const { SECRET: secret, JWT: jwt, HOSTILE: hostile } = process.env;
  const headers = { referer: 'https://a.example/b?code=' + secret + '&access_token=' + secret };
  for (const name of ${JSON.stringify(secretHeaders)}) headers[name] = secret;
  const query = ['key', 'sig', 'code', 'session', 'jwt'].map((name) => name + '=' + secret).join('&');
  await group(hostile, () => request.get('/fine?' + query, { headers, name: hostile }));
  await request.post('/fails/' + jwt + '?' + query, { headers, data: { password: secret, refreshToken: secret } });
  await request.post('/fails/form?' + query, { form: { password: secret, token: secret } });
  check(hostile, false);
  metrics.counter(hostile);
  if (iteration === 2) throw new Error('password=' + secret + ' and Bearer ' + secret + ' ' + hostile);
}`;

interface Written {
  readonly printed: string;
  /** By name; what is packed is unpacked. */
  readonly files: Readonly<Record<string, string>>;
}

async function runLoad(
  folder: string,
  { options = {}, use = {} }: { options?: object; use?: object },
): Promise<Written> {
  await mkdir(folder, { recursive: true });
  const config = {
    testDir: folder,
    respectGitIgnore: false,
    workers: 1,
    outputDir: resolve(folder, 'out'),
    use: { baseURL, ...use },
    reporter: [
      [reporterPath, { exports: { csv: 'load.csv', hdr: 'load.hdr', prometheus: 'load.prom' } }],
      ['dot'],
      ['blob', { outputDir: resolve(folder, 'blob') }],
      ['json', { outputFile: resolve(folder, 'tests.json') }],
    ],
  };
  const index = JSON.stringify(resolve(import.meta.dirname, '../../load/index.ts'));
  await writeFile(resolve(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(resolve(folder, 'playwright.config.ts'), `export default ${JSON.stringify(config)};`);
  await writeFile(
    resolve(folder, 'a.spec.js'),
    `import { test, expect, iterations } from ${index};
test('load', async ({ load }) => {
  const run = await load(iterations(4, { users: 2 }), ${scenario}, { name: process.env.HOSTILE, ...${JSON.stringify(options)} });
  expect(run).toMeet({ successRate: '100%' });
  expect(run.check(process.env.HOSTILE)).toMeet({ rate: '100%' });
});`,
  );
  const summary = resolve(folder, 'job-summary.md');
  await writeFile(summary, '');
  const env = { SECRET: secret, JWT: jwt, HOSTILE: hostile, NO_COLOR: '1', FORCE_COLOR: '0' };
  const github = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  const { stdout, stderr } = await runPlaywright(folder, { env: { ...env, ...github } });
  return { printed: `${stdout}\n${stderr}`, files: await filesOf(folder) };
}

async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts: Record<string, string> = {};
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(resolve(entry.parentPath, entry.name));
    texts[entry.name] = entry.name.endsWith('.zip') ? unzipped(bytes) : bytes.toString();
  }
  return texts;
}

/** All entries one after another, by the central directory of the archive (APPNOTE 4.3.12). */
function unzipped(zip: Buffer): string {
  const texts: string[] = [];
  for (let at = zip.indexOf('PK\u0001\u0002'); at !== -1; at = zip.indexOf('PK\u0001\u0002', at + 4)) {
    const [method, size, local] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)];
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(from, from + size);
    texts.push((method === 0 ? data : inflateRawSync(data)).toString());
  }
  return texts.join('\n');
}

/** The text, and what is in base64 in it, as attachments are. */
function withDecoded(text: string): string {
  const decoded = (text.match(/[A-Za-z0-9+/]{200,}={0,2}/g) ?? []).map((run) => Buffer.from(run, 'base64').toString());
  return [text, ...decoded].join('\n');
}

/** What the load itself kept of its requests. */
function payloadOf(files: Written['files']): RunPayload {
  const body = new RegExp(`"name":\\s*"${payloadAttachment}"[^}]*?"body":\\s*"([^"]+)"`).exec(
    files['tests.json'] ?? '',
  )?.[1];
  return JSON.parse(Buffer.from(body ?? '', 'base64').toString()) as RunPayload;
}

test('no file, no line of the log and no summary of the job holds a planted secret or obeys a name', async ({}, testInfo) => {
  const { printed, files } = await runLoad(testInfo.outputPath('suite'), {});
  for (const name of ['report.html', 'summary.json', 'tests.json', 'job-summary.md', 'load.prom'])
    expect(files[name]?.length, `${name} of ${Object.keys(files).join(', ')}`).toBeGreaterThan(0);
  const exemplars = decodeRun(payloadOf(files)).exemplars.list();
  expect(exemplars.filter(({ why }) => why === 'failed').length).toBeGreaterThan(0);
  expect(JSON.stringify(exemplars)).toContain('body-stays');
  const holders = Object.entries({ ...files, printed }).filter(([, text]) => withDecoded(text).includes(secret));
  expect(holders.map(([name, text]) => [name, around(withDecoded(text))])).toEqual([]);
  const obeyed = /^\s*(?:::error::owned|##\[|##vso\[)|##vso\[|##\[/;
  expect(printed.split(/[\r\n]/).filter((line) => obeyed.test(line) || line.includes('\u001b'))).toEqual([]);
  expect(files['job-summary.md']).not.toMatch(/<img|<\/script|^::/m);
  expect(files['report.html']).not.toContain('</script><img');
});

for (const [where, given] of Object.entries({
  'the load': { options: { keepBodies: false } },
  use: { use: { keepBodies: false } },
}))
  test(`\`keepBodies: false\` of ${where} keeps nothing of any body`, async ({}, testInfo) => {
    const { files } = await runLoad(testInfo.outputPath('suite'), given);
    const exemplars = decodeRun(payloadOf(files)).exemplars.list();
    expect(exemplars.length).toBeGreaterThan(0);
    expect(exemplars.filter((kept) => 'requestBody' in kept || 'responseBody' in kept)).toEqual([]);
    const holders = Object.entries(files).filter(([, text]) => withDecoded(text).includes('body-stays'));
    expect(holders.map(([name]) => name)).toEqual([]);
  });

function around(text: string): string {
  const at = text.indexOf(secret);
  return text.slice(Math.max(0, at - 120), at + 60);
}
