/** What a hostile body costs: masking takes time as its length does, whatever it is made of. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { maskBody, maskHeaders } from './mask.ts';

/** Each repeated, or led by what begins a pattern: none may cost its square. */
const hostile: Readonly<Record<string, readonly [start: string, repeated: string]>> = {
  'one word': ['', 'a'],
  backslashes: ['', '\\'],
  quotes: ['', '"'],
  'escaped quotes': ['', '\\"'],
  'open tags': ['', '<a '],
  'open fields': ['<input name=password ', 'value="'],
  'open values': ['', '"password":"'],
  'open objects': ['', '"password":{'],
  'open strings in objects': ['', '"password":{"\\'],
  brackets: ['', '{'],
  percents: ['', '%253'],
  spaces: ['a', ' '],
  schemes: ['', 'a://'],
  'a long host': ['http://', 'a'],
  colons: ['', 'password: '],
  sentences: ['', 'token: '],
  pairs: ['"name"', ' '],
  parts: ['', 'content-disposition: name=a\n'],
  'parts of one line': ['', 'content-disposition: name=a '],
  'parts with long names': ['', `content-disposition: name="${'n'.repeat(100)}"\n`],
  'lines of one part': ['content-disposition: name=password\n', 'a\n'],
  jwts: ['', 'eyJ'],
  'a dotted jwt': ['eyJabcdefghi', '.a'],
  'key heads': ['-----BEGIN', ' PRIVATE KEY'],
  'auth schemes': ['bearer', '+'],
};
/** CPU time, ms. */
const costMs = (text: string): number => {
  const before = process.cpuUsage();
  maskBody(text);
  maskHeaders({ [text]: text });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};
/** Of four times the text the square would be sixteen times the cost. */
const mostGrowth = 10;
const leastMs = 3;
/** The least of three: neither a busy machine nor the compiler is what is asked about. */
const leastCostMs = (text: string): number => Math.min(...[1, 2, 3].map(() => costMs(text)));
/** Most cost so little that they are asked once. */
const growsWithLength = (text: string): boolean =>
  costMs(text) < mostGrowth * leastMs ||
  leastCostMs(text) < mostGrowth * Math.max(leastMs, leastCostMs(text.slice(0, text.length / 4)));
for (const [what, [start, repeated]] of Object.entries(hostile))
  test(`64 KB of ${what} cost no more than their length does`, () => {
    expect(growsWithLength((start + repeated.repeat(65_536)).slice(0, 65_536))).toBe(true);
  });
