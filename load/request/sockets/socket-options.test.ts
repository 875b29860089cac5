import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { closeProblems, connectProblems, dataProblems, nextProblems, roundTripProblems } from './socket-options.ts';

/** Values as they come from callers without types. */
const any = (value: unknown): never => value as never;
const matches = (): boolean => true;

const refused: readonly {
  readonly what: string;
  readonly problems: readonly string[];
  readonly words: readonly RegExp[];
}[] = [
  { what: 'a URL that is none', problems: connectProblems(7, {}), words: [/takes a URL first.*got 7/] },
  ...['ftp://host/', 'localhost:3000/ws', 'javascript:alert(1)', ' file:///etc/passwd'].map((url) => ({
    what: `the URL ${url}`,
    problems: connectProblems(url, {}),
    words: [/begins with `ws:`, `wss:`, `http:` or `https:`, got `(?:ftp|localhost|javascript|file):`$/],
  })),
  {
    what: 'everything at once',
    problems: connectProblems('/ws', {
      protocols: ['v 1', 'a', 'a'],
      headers: { 'sec-websocket-protocol': 'x', upgrade: 'y' },
      name: ' ',
      tags: any({ tenant: {} }),
      timeout: 0,
      closeCodes: [999, 5000, any('1000')],
      maxMessageBytes: 0,
      maxQueued: 1.5,
      perMessageDeflate: any('no'),
      ...({ retries: 3 } as object),
    }),
    words: [
      /`retries` is no option of `connect`/,
      /`protocols` must be words/,
      /names one of them twice/,
      /`sec-websocket-protocol` is the handshake's own: see `protocols`/,
      /`upgrade` is the handshake's own$/,
      /`name` must be a text/,
      /`tags.tenant`/,
      /`timeout` must be a number of milliseconds above 0, got 0/,
      /`closeCodes`.*got 999/,
      /`closeCodes`.*got 5000/,
      /`closeCodes`.*got .*1000/,
      /`maxMessageBytes`.*got 0/,
      /`maxQueued`.*got 1.5/,
      /`perMessageDeflate`/,
    ],
  },
  {
    what: 'a header of two lines',
    problems: connectProblems('/', { headers: { x: 'a\r\nb: c' } }),
    words: [/\["x"\]/],
  },
  {
    what: 'codes that are no list',
    problems: connectProblems('/', { closeCodes: any(1000) }),
    words: [/must be a list/],
  },
  {
    what: 'an object as a message',
    problems: dataProblems('send', {}),
    words: [/got object: an object is sent as `JSON/],
  },
  { what: 'nothing as a message', problems: dataProblems('send', undefined), words: [/got undefined/] },
  {
    what: 'no matcher',
    problems: roundTripProblems('x', any({})),
    words: [/`matches` of `roundTrip` must be a function/],
  },
  { what: 'a text as matcher', problems: nextProblems('pong', {}), words: [/`matches` of `next`/] },
  { what: 'an endless wait', problems: nextProblems(matches, { timeout: Infinity }), words: [/`timeout`/] },
  { what: 'a code of the protocol', problems: closeProblems(1006, ''), words: [/is 1000, or 3000 to 4999.*got 1006/] },
  { what: 'a long reason', problems: closeProblems(1000, 'é'.repeat(62)), words: [/123 bytes at most.*got 124/] },
];
for (const { what, problems, words } of refused)
  test(`${what} is refused in ${words.length} sentence(s)`, () => {
    expect(problems).toEqual(words.map((word): unknown => expect.stringMatching(word)));
  });

const taken: readonly { readonly what: string; readonly problems: readonly string[] }[] = [
  { what: 'no options', problems: connectProblems('/ws', {}) },
  {
    what: 'all of them',
    problems: connectProblems('/ws', {
      protocols: 'mqtt',
      headers: { a: 'b' },
      name: 'x',
      tags: { a: 1 },
      timeout: 1,
      closeCodes: [],
      maxMessageBytes: 1,
      maxQueued: 1,
      perMessageDeflate: true,
    }),
  },
  { what: 'bytes', problems: roundTripProblems(new Uint8Array(2), { matches, name: 'x', timeout: 5 }) },
  { what: 'an empty text', problems: dataProblems('send', '') },
  { what: 'a reason of 123 bytes', problems: closeProblems(4999, 'x'.repeat(123)) },
];
for (const { what, problems } of taken)
  test(`${what} is taken`, () => {
    expect(problems).toEqual([]);
  });

test('options that are no object are refused before they are read', () => {
  expect(() => connectProblems('/ws', any('x'))).toThrow('takes its options as an object');
});

for (const url of ['/ws', 'ws', 'rooms/a:b', '?a=b:c', 'ws://host', 'WSS://host', 'http://host', 'https://host', ''])
  test(`a socket may be at \`${url}\``, () => {
    expect(connectProblems(url, {})).toEqual([]);
  });
