/** Logs as lists of due times: what is read, what is left out and why, and how they are dealt to segments. */
import fc from 'fast-check';
import { expect } from '@playwright/test';
import { cpuMsOf } from '../../../testing/cpu-time.ts';
import { test } from '../../../testing/plain-test.ts';
import { dueTimes } from '../arrivals.ts';
import { rowsOf } from '../partition.ts';
import type { Profile } from '../profile.ts';
import { readAccessLog } from './access-log.ts';
import { readHar } from './har-file.ts';
import { epochMsOf, readJsonLines } from './json-lines.ts';
import { shrunk } from '../reduced.ts';
import { Replay } from './replay-profile.ts';
import type { ReadLog } from './recorded-line.ts';

const clf = (time: string, asked: string, rest = '200 12 "-" "curl/8"') => `10.0.0.1 - - [${time}] "${asked}" ${rest}`;
const noon = '10/Oct/2026:12:00:00 +0000';

const accessLines = [
  { line: clf(noon, 'GET /a?b=1 HTTP/1.1'), read: 'GET /a?b=1' },
  { line: clf(noon, 'POST /a HTTP/2.0', '201 7'), read: 'POST /a' },
  { line: `::1 - Frank [x] [${noon}] "GET / HTTP/1.1" 200 1`, read: 'malformed' },
  { line: `h - a b [${noon}] "GET /u HTTP/1.0" 304 -`, read: 'GET /u' },
  { line: clf(noon, String.raw`GET /say\x22hi\" HTTP/1.1`), read: 'GET /say"hi"' },
  { line: clf(noon, 'CONNECT evil:443 HTTP/1.1'), read: 'CONNECT' },
  { line: clf(noon, 'GET http://other.example/ HTTP/1.1'), read: 'another host' },
  { line: clf(noon, String.raw`\x16\x03\x01`, '400 0'), read: 'malformed' },
  { line: clf(noon, '-', '408 0'), read: 'malformed' },
  { line: clf(noon, 'OPTIONS * HTTP/1.1'), read: 'malformed' },
  { line: clf(noon, String.raw`GET /\x0d\x0aHost:evil HTTP/1.1`), read: 'malformed' },
  { line: clf(noon, String.raw`GET /a\tb HTTP/1.1`), read: 'malformed' },
  { line: clf(noon, String.raw`GET /\xd0\xBF HTTP/1.1`), read: 'GET /%D0%BF' }, // bytes of UTF-8
  { line: clf('32/Oct/2026:12:00:00 +0000', 'GET / HTTP/1.1'), read: 'malformed' },
  { line: clf('10/Foo/2026:12:00:00 +0000', 'GET / HTTP/1.1'), read: 'malformed' },
  { line: 'not a line of a log', read: 'malformed' },
];
for (const { line, read } of accessLines) {
  test(`of an access log, ${line.slice(0, 90)} is ${read}`, () => {
    const [found] = readAccessLog(`${line}\r\n`).lines;
    expect(found && ('request' in found ? `${found.request.method} ${found.request.url}` : found.leftOut)).toBe(read);
  });
}

test('a line of an access log is read in time by its length, whatever stands in it', () => {
  const hostile = `h - - [${noon}] "${'\\"\\'.repeat(50_000)}" ${'['.repeat(100_000)}`;
  const costMs = cpuMsOf(() => expect(readAccessLog(hostile).lines).toEqual([{ leftOut: 'malformed' }]));
  expect(costMs).toBeLessThan(1_000);
});

const at = '2026-10-10T12:00:00.250Z';
const jsonLines = [
  { line: { time: at, url: '/a' }, read: 'GET /a' },
  { line: { time: 1_791_633_600, method: 'put', url: 'http://shop.example/a?b' }, read: 'PUT /a?b' },
  { line: { url: '/a' }, read: 'without a `time`' },
  { line: { time: at, url: 7 }, read: 'malformed' },
  { line: { time: at, url: 'a b' }, read: 'malformed' },
  { line: [1], read: 'malformed' },
];
for (const { line, read } of jsonLines) {
  test(`of JSON lines, ${JSON.stringify(line)} is ${read}`, () => {
    const [found] = readJsonLines(JSON.stringify(line)).lines;
    expect(found && ('request' in found ? `${found.request.method} ${found.request.url}` : found.leftOut)).toBe(read);
  });
}

const elsewhere = [
  '//wp-login.php',
  '//evil.example/x?y=//z',
  '/\\\\evil.example/',
  '/\\evil.example',
  '///x',
  '/a//b',
  '/a?//b',
];
for (const path of elsewhere) {
  test(`the path ${path} is asked of the host that is tested, in a log of any kind`, () => {
    const har = {
      log: { entries: [{ startedDateTime: at, request: { method: 'GET', url: `http://a.example${path}` } }] },
    };
    const read = [
      readAccessLog(clf(noon, `GET ${path.replaceAll('\\', '\\\\')} HTTP/1.1`)),
      readJsonLines(JSON.stringify({ time: at, url: path })),
      readHar(JSON.stringify(har)),
    ].map(({ lines: [found] }) => (found && 'request' in found ? found.request.url : ''));
    const sent = read.map((url) => new URL(url, 'http://tested.example/base'));
    expect(sent.map(({ host }) => host)).toEqual(['tested.example', 'tested.example', 'tested.example']);
    const [asked] = sent;
    expect(`${asked?.pathname ?? ''}${asked?.search ?? ''}`).toBe(path.replaceAll('\\', '%5C'));
  });
}

const bodies = [
  { postData: undefined, read: undefined },
  { postData: { text: 'a=b' }, read: 'a=b' },
  {
    postData: { mimeType: 'application/x-www-form-urlencoded', params: [{ name: 'a', value: 'ä' }] },
    read: 'a=%C3%A4',
  },
  { postData: { mimeType: 'multipart/form-data', params: [{ name: 'a', value: 'b' }] }, read: 'without its body' },
  { postData: { mimeType: 'application/json', _file: 'x.json' }, read: 'without its body' },
];
for (const { postData, read } of bodies) {
  test(`a body of a HAR file, ${JSON.stringify(postData)}, is ${String(read)}`, () => {
    const request = { method: 'POST', url: 'http://a.example/', postData };
    const [found] = readHar(JSON.stringify({ log: { entries: [{ startedDateTime: at, request }] } })).lines;
    expect(found && ('request' in found ? found.request.body : found.leftOut)).toBe(read);
  });
}

const contents = [
  { line: { body: { a: 1 } }, headers: { 'content-type': 'application/json' }, body: '{"a":1}' },
  { line: { body: [1], headers: { 'Content-Type': 'x/y' } }, headers: { 'content-type': 'x/y' }, body: '[1]' },
  { line: { body: 'a', headers: { A: '1' } }, headers: { a: '1' }, body: 'a' },
  { line: { body: null }, headers: undefined, body: undefined },
];
for (const { line, headers, body } of contents) {
  test(`JSON lines with ${JSON.stringify(line)} are sent as ${String(body)} with ${JSON.stringify(headers)}`, () => {
    const [found] = readJsonLines(JSON.stringify({ time: at, url: '/', ...line })).lines;
    expect(found).toMatchObject({ request: { ...(headers && { headers }), ...(body !== undefined && { body }) } });
    expect(found && 'request' in found && [found.request.headers, found.request.body]).toEqual([headers, body]);
  });
}

test('a time is ISO 8601, or seconds or milliseconds since 1970', () => {
  expect([epochMsOf('1970-01-01T00:00:01.5Z'), epochMsOf(1_700_000_000), epochMsOf(1_700_000_000_123)]).toEqual([
    1_500, 1_700_000_000_000, 1_700_000_000_123,
  ]);
  expect([epochMsOf('soon'), epochMsOf(null), epochMsOf(Number.NaN)]).toEqual([undefined, undefined, undefined]);
});

test('a HAR file is about the host of its first request, without what the browser and the connection give', () => {
  const entry = (url: string, extra = {}) => ({
    startedDateTime: at,
    request: {
      method: 'POST',
      url,
      headers: [
        { name: 'Cookie', value: 'a=b' },
        { name: 'Sec-Fetch-Mode', value: 'cors' },
        { name: 'X-Mine', value: '1' },
        { name: ':path', value: '/' },
      ],
      postData: { text: '{}' },
    },
    response: { status: 201 },
    ...extra,
  });
  const entries = [entry('http://a.example/x'), entry('http://tracker.example/'), entry('ws://a.example/'), null];
  const { lines } = readHar(JSON.stringify({ log: { entries } }));
  const request = { method: 'POST', url: '/x', headers: { 'x-mine': '1' }, body: '{}', status: 201 };
  expect(lines).toEqual([
    { atMs: Date.parse(at), request },
    { leftOut: 'another host' },
    { leftOut: 'not HTTP' },
    { leftOut: 'malformed' },
  ]);
});

test('lines are put in the order of their moments, spread over whole seconds, and the rest is counted aloud', () => {
  const text = [
    clf('10/Oct/2026:14:00:02 +0200', 'GET /3 HTTP/1.1'),
    clf(noon, 'GET /1 HTTP/1.1'),
    clf(noon, 'GET /2 HTTP/1.1'),
    'nonsense',
    clf(noon, 'CONNECT a:1 HTTP/1.1'),
    'nonsense',
  ].join('\n');
  const spread = new Replay('access.log', readAccessLog(text), { speed: 2, spread: true });
  expect(startsOf(spread)).toEqual(['0 /1', '250 /2', '1000 /3']);
  expect([spread.durationMs, spread.total, spread.model, spread.leftOut]).toEqual([
    1_500,
    3,
    'open',
    { malformed: 2, CONNECT: 1 },
  ]);
  expect(spread.describe()).toBe(
    'access.log at 2 × its speed: 3 requests in 1.5s, 3 lines left out (2 malformed, 1 CONNECT)',
  );
  const together = new Replay('access.log', readAccessLog(text), { speed: 1, spread: false });
  expect(startsOf(together)).toEqual(['0 /1', '0 /2', '2000 /3']);
});

const anyLog = fc
  .array(fc.record({ atMs: fc.integer({ min: 0, max: 20_000 }), id: fc.integer() }), { minLength: 1, maxLength: 300 })
  .map((lines): ReadLog => ({
    lines: lines.map(({ atMs, id }) => ({ atMs, request: { method: 'GET', url: `/${id}` } })),
    wholeSeconds: false,
  }));

test('each line is due at its moment divided by the speed, on exactly one of the segments', () => {
  fc.assert(
    fc.property(
      anyLog,
      fc.integer({ min: 1, max: 5 }),
      fc.double({ min: 0.1, max: 50, noNaN: true }),
      (log, of, speed) => {
        const profile = new Replay('a', log, { speed, spread: true });
        const moments = log.lines.flatMap((line) => ('atMs' in line ? [line.atMs] : [])).toSorted((a, b) => a - b);
        const all = Array.from({ length: of }, (_, index) => [...dueTimesOf(profile, index, of)]).flat();
        expect(all.toSorted((a, b) => a - b)).toEqual(moments.map((ms) => (ms - (moments[0] ?? 0)) / speed));
        const rows = Array.from({ length: of }, (_, index) => [
          ...rowsOf(profile, { index, of }, moments.length),
        ]).flat();
        expect(rows.toSorted((a, b) => a - b)).toEqual(moments.map((_, row) => row));
      },
    ),
  );
});

test('a log that is scaled or shortened keeps its share of requests, each of them once, and its rate', () => {
  fc.assert(
    fc.property(
      anyLog,
      fc.constantFrom(0.1, 0.25, 0.5, 1),
      fc.constantFrom(undefined, 1_000),
      (log, scale, durationMs) => {
        const profile = new Replay('a', log, { speed: 1, spread: true });
        const { profile: smaller, stretch } = shrunk(profile, { scale, durationMs });
        expect(smaller.total).toBe(Math.ceil((profile.total ?? 0) * stretch * scale - 1e-9));
        expect(smaller.durationMs).toBeCloseTo(durationMs ?? profile.durationMs ?? 0, 6);
      },
    ),
  );
});

const logOf = (count: number): ReadLog => ({
  wholeSeconds: false,
  lines: Array.from({ length: count }, (_, at) => ({
    atMs: (at * 10_000) / (count - 1),
    request: { method: 'GET', url: '/' },
  })),
});
const tooBig = [
  { scale: 1_000, durationMs: undefined, says: '`LOAD_SCALE=1000` makes' },
  { scale: 1, durationMs: 36_000_000, says: '`LOAD_DURATION=10h` makes' },
  { scale: 1.5, durationMs: 7_200_000, says: '`LOAD_SCALE=1.5` and `LOAD_DURATION=2h` make' },
];
for (const { scale, durationMs, says } of tooBig) {
  test(`a log that is too big at ${scale} × in ${durationMs ?? 'its own'} ms is refused before it is made`, () => {
    const profile = new Replay('a.log', logOf(1_001), { speed: 1, spread: true });
    for (const part of profile.parts)
      if (part.kind === 'arrivals' && part.distribution === 'listed')
        part.timetable.resized = () => {
          throw new Error('it was made');
        };
    expect(() => shrunk(profile, { scale, durationMs })).toThrow(
      `${says} more of \`${profile.describe()}\` than one process can hold: say a smaller one`,
    );
  });
}

test('a log may be longer and thinner, or shorter and denser, as long as there are few enough requests', () => {
  const profile = new Replay('a.log', logOf(1_001), { speed: 1, spread: true });
  expect(shrunk(profile, { scale: 0.001, durationMs: 36_000_000 }).profile.total).toBe(3_604);
  expect(shrunk(profile, { scale: 100, durationMs: 100 }).profile.total).toBe(1_001);
  expect(shrunk(profile, { scale: 900, durationMs: undefined }).profile.total).toBe(900_900);
});

test('what is said of its rate over time adds up to its requests', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      const profile = new Replay('a', log, { speed: 1, spread: true });
      const points = profile.askedRate ?? [];
      let area = 0;
      for (const [n, point] of points.entries()) {
        const before = points[n - 1];
        if (before !== undefined) area += ((before.perSec + point.perSec) / 2) * ((point.atMs - before.atMs) / 1_000);
      }
      expect(area).toBeCloseTo(log.lines.length, 6);
    }),
  );
});

function* dueTimesOf({ parts }: Profile, index: number, of: number): Generator<number> {
  for (const part of parts) if (part.kind === 'arrivals') yield* dueTimes(part, { index, of });
}

function startsOf(profile: Replay): string[] {
  const [part] = profile.parts;
  if (part?.kind !== 'arrivals' || part.distribution !== 'listed') return [];
  return [...dueTimes(part)].map((due, n) => `${due} ${part.timetable.rows[n]?.url ?? ''}`);
}
