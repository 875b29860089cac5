import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { OtherCoresOutput } from './other-cores-output.ts';

type Chunk = readonly [core: number, to: 'stdout' | 'stderr', text: string];

const cases: readonly { what: string; said: readonly Chunk[]; written: readonly (readonly [string, string])[] }[] = [
  { what: 'a line', said: [[2, 'stdout', 'a\n']], written: [['stdout', 'core 2 │ a\n']] },
  { what: 'lines at once', said: [[2, 'stderr', 'a\nb\n']], written: [['stderr', 'core 2 │ a\ncore 2 │ b\n']] },
  {
    what: 'a line in pieces, among those of another core',
    said: [
      [2, 'stdout', 'a'],
      [3, 'stdout', 'x\n'],
      [2, 'stdout', 'b\nc'],
    ],
    written: [
      ['stdout', 'core 3 │ x\n'],
      ['stdout', 'core 2 │ ab\n'],
      ['stdout', 'core 2 │ c\n'], // at the end
    ],
  },
  { what: 'nothing', said: [[2, 'stdout', '']], written: [] },
];
for (const { what, said, written } of cases) {
  test(`${what}: ${written.length} written`, () => {
    const all: [string, string][] = [];
    const output = new OtherCoresOutput((to, text) => all.push([to, text]));
    for (const [core, to, text] of said) output.pass({ kind: 'said', core, to, text });
    output.end();
    expect(all).toEqual(written);
  });
}
