/** Replays in virtual time: each line is started when it was due and brings its own request along, whatever is dropped. */
import { expect } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from '../../testing/plain-test.ts';
import { liveThrough } from '../../testing/virtual-run.ts';
import { OptionsError } from '../options-error.ts';
import type { ReplayedRequest } from '../profile/replay/recorded-line.ts';
import { feeder } from './feeder.ts';
import { replay, sendAsRecorded } from './replay.ts';
import { resolveOptions } from './resolve-options.ts';
import type { Scenario } from './scenario.ts';

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'playload-replay-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const lines = (offsetsMs: readonly number[]) =>
  offsetsMs.map((ms, n) => JSON.stringify({ time: 1_700_000_000_000 + ms, url: `/${n}` })).join('\n');

test('rows go with their lines, also behind those that are dropped', async () => {
  const log = replay(fileOf('bursts.jsonl', lines([0, 0, 0, 1_000, 2_000, 2_000])), { speed: 2 });
  const sent: string[] = [];
  const scenario: Scenario<unknown> = async ({ request, data }) => {
    const { url } = data as ReplayedRequest;
    sent.push(url);
    await request.get(url);
  };
  const { data, calledAtMs, end } = await liveThrough(log, scenario, {
    maxInFlight: 1,
    answer: () => ({ afterMs: 100 }),
  });
  expect(sent).toEqual(['/0', '/3', '/4']);
  expect(calledAtMs.map((ms) => ms - end.beganAtMs)).toEqual([0, 500, 1_000]);
  expect(data.counts.dropped).toBe(3);
});

test('a warm-up sends the first lines again, and the measured part has them all', async () => {
  const log = replay(fileOf('warm.jsonl', lines([0, 100, 200, 1_000])));
  const sent: string[] = [];
  const scenario: Scenario<unknown> = async ({ request, data }) => {
    const { url } = data as ReplayedRequest;
    sent.push(url);
    await request.get(url);
  };
  await liveThrough(log, scenario, { warmUpMs: 1_000 });
  expect(sent.slice(-4)).toEqual(['/0', '/1', '/2', '/3']);
  expect(sent.length).toBeGreaterThan(4);
});

const good = () => fileOf('good.log', '10.0.0.1 - - [10/Oct/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 1\n');
const wrong = [
  { what: 'a speed of 0', make: () => replay(good(), { speed: 0 }), says: '`speed` must be a number above 0' },
  { what: 'a speed below 0', make: () => replay(good(), { speed: -2 }), says: '`speed` must be a number above 0' },
  { what: 'no speed at all', make: () => replay(good(), { speed: Number.NaN }), says: '`speed` must be' },
  { what: 'too much speed', make: () => replay(good(), { speed: 1e9 }), says: 'at most 1000000, such as' },
  {
    what: 'a packed file',
    make: () => replay(fileOf('a.log.gz', gzipSync('x'))),
    says: 'it is packed by gzip: unpack it',
  },
  { what: 'a speed in words', make: () => replay(good(), { speed: '2' as never }), says: 'got "2"' },
  { what: 'an unknown option', make: () => replay(good(), { sped: 2 } as never), says: '`sped` is no option' },
  { what: 'no file', make: () => replay(join(folder, 'none.log')), says: 'there is no such file' },
  { what: 'an empty file', make: () => replay(fileOf('empty.log', '\n\n')), says: 'it has no lines' },
  { what: 'a file of nonsense', make: () => replay(fileOf('x.log', 'a\nb')), says: 'none of its 2 lines can be sent' },
  { what: 'a broken HAR', make: () => replay(fileOf('x.har', '{"log":')), says: 'JSON' },
  { what: 'a HAR without entries', make: () => replay(fileOf('y.har', '{}')), says: 'it has no `log.entries`' },
  {
    what: 'rows of its own beside it',
    make: () => resolveOptions({ data: feeder([1]) }, replay(good())),
    says: '`data` would hide the requests',
  },
];
for (const { what, make, says } of wrong) {
  test(`a replay with ${what} is refused`, () => {
    expect(make).toThrow(OptionsError);
    expect(make).toThrow(says);
  });
}

test('a body is sent byte by byte, whatever its type says of it', async () => {
  const sent: unknown[] = [];
  const request = { fetch: async (...call: unknown[]) => Promise.resolve(sent.push(call)) };
  const data = { method: 'POST', url: '/a', headers: { 'content-type': 'application/json' }, body: '{"cut":' };
  await sendAsRecorded({ request, data } as never);
  const { body, url, ...others } = data;
  expect(sent).toEqual([[url, { ...others, maxRedirects: 0, data: Buffer.from(body) }]]);
});
