/** Recordings as files: HAR files, archives and traces, and what is wrong with those that are none. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { readHarFile, readTraceFile } from './read-recording.ts';

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'playload-recording-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** An archive of deflated files; `size` is what it says of them. */
function zip(files: Readonly<Record<string, string>>, size?: number): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = deflateRawSync(text);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(size ?? Buffer.byteLength(text), 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), data);
    centrals.push(central, Buffer.from(name));
    at += 30 + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...centrals, end]);
}

const entry = (path: string, content: object = {}, postData?: object) => ({
  startedDateTime: '2026-01-01T00:00:00.000Z',
  time: 5,
  request: { method: 'POST', url: `http://a.example${path}`, headers: [], ...(postData && { postData }) },
  response: { status: 200, headers: [], content: { mimeType: 'application/json', ...content } },
});
const har = (...entries: object[]) => JSON.stringify({ log: { entries } });

test('a HAR file has its bodies in it, coded, or beside it, and nowhere else', () => {
  mkdirSync(join(folder, 'har'));
  file('outside.json', '{"id":"outside"}');
  file('har/beside.json', '{"id":"beside"}');
  const base64 = Buffer.from('{"id":"coded"}').toString('base64');
  const path = file(
    'har/a.har',
    har(
      entry('/1', { text: '{"id":"plain"}' }),
      entry('/2', { text: base64, encoding: 'base64' }),
      entry('/3', { _file: 'beside.json' }),
      entry('/4', { _file: '../outside.json' }),
      entry('/5', {}, { mimeType: 'application/json' }),
      { response: null },
    ),
  );
  const { exchanges, unanswered } = readHarFile(path);
  expect(exchanges.map(({ responseText }) => responseText)).toEqual([
    '{"id":"plain"}',
    '{"id":"coded"}',
    '{"id":"beside"}',
    undefined,
    undefined,
  ]);
  expect(exchanges.map(({ body }) => body.kind)).toEqual(['none', 'none', 'none', 'none', 'lost']);
  expect(unanswered).toBe(1);
});

test('a HAR archive and a trace have them in other files of the archive', () => {
  const archive = file('a.zip', zip({ 'har.har': har(entry('/1', { _file: 'x.json' })), 'x.json': '{"id":1}' }));
  expect(readHarFile(archive).exchanges.map(({ responseText }) => responseText)).toEqual(['{"id":1}']);
  const event = {
    type: 'resource-snapshot',
    snapshot: entry('/1', { _file: 'resources/abc' }, { _sha1: 'def', mimeType: 'text/plain' }),
  };
  const trace = zip({
    'trace.network': `${JSON.stringify({ type: 'other' })}\n${JSON.stringify(event)}\n`,
    'resources/abc': '{"id":2}',
    'resources/def': 'asked',
  });
  const [first] = readTraceFile(file('trace.zip', trace)).exchanges;
  expect([first?.responseText, first?.body]).toEqual(['{"id":2}', { kind: 'text', type: 'text/plain', text: 'asked' }]);
});

const wrong = [
  { what: 'no JSON', read: readHarFile, content: '{"log": {"entries": [', says: 'JSON' },
  { what: 'no HAR', read: readHarFile, content: '[]', says: 'it has no `log.entries`' },
  { what: 'no text', read: readHarFile, content: Buffer.from([0x7b, 0xff]), says: 'is no UTF-8' },
  {
    what: 'an archive without HAR',
    read: readHarFile,
    content: zip({ a: '' }),
    says: 'an archive without a `.har` file',
  },
  { what: 'no archive', read: readTraceFile, content: '{}', says: 'it is no ZIP archive' },
  { what: 'another archive', read: readTraceFile, content: zip({ a: '' }), says: 'it is no Playwright trace' },
  {
    what: 'half an archive',
    read: readTraceFile,
    content: zip({ a: 'b' }).subarray(0, 40),
    says: 'it is no ZIP archive',
  },
  {
    what: 'a broken line',
    read: readTraceFile,
    content: zip({ 'a.network': '{}\n{' }),
    says: 'line 2 of its `a.network` is no JSON',
  },
  { what: 'a bomb', read: readHarFile, content: zip({ 'a.har': 'a'.repeat(1e6) }, 10), says: 'larger than' },
  {
    what: 'a bomb that says so',
    read: readHarFile,
    content: zip({ 'a.har': 'a' }, 2 ** 31),
    says: 'is bigger than 256 MiB',
  },
];
for (const { what, read, content, says } of wrong) {
  test(`a file that is ${what} is refused`, () => {
    expect(() => read(file('wrong', content))).toThrow(says);
  });
}

test('a file that is too big is refused before it is read', () => {
  const path = file('big.har', '');
  truncateSync(path, 2 ** 30);
  expect(() => readHarFile(path)).toThrow('it has 1024 MiB, and 256 MiB can be read');
});
