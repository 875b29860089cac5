import { expect } from '@playwright/test';
import type { MutantResult } from '@stryker-mutator/api/core';
import { test } from '../../testing/plain-test.ts';
import { killedShare, scoreOf, scoreTable, survivorLines } from './score.ts';

type Mutant = Pick<MutantResult, 'fileName' | 'status' | 'location' | 'mutatorName' | 'replacement'>;
const mutant = (fileName: string, status: Mutant['status'], more: Partial<Mutant> = {}): Mutant => ({
  fileName,
  status,
  location: { start: { line: 1, column: 1 }, end: { line: 1, column: 6 } },
  mutatorName: 'EqualityOperator',
  replacement: 'a >= b',
  ...more,
});

const mutants = [
  mutant('load/verdict/judge.ts', 'Killed'),
  mutant('load/verdict/judge.ts', 'Timeout'), // a test that waits for ever has noticed
  mutant('load/verdict/windows.ts', 'Survived'),
  mutant('load/verdict/windows.ts', 'NoCoverage'),
  mutant('load/verdict/windows.ts', 'RuntimeError'), // no program at all
  mutant('load/measure/counts.ts', 'Killed'),
  mutant('load/verdict-aids/a.ts', 'Survived'), // of another room
  mutant('load/measure/samples/http.ts', 'Survived'),
];

test('a room is known by its folder, and what is no program is not counted', () => {
  expect(scoreOf('load/verdict', mutants)).toEqual({
    ...{ room: 'load/verdict', killed: 2, timedOut: 1, survived: 2, unreached: 1 },
  });
});

const shares = [
  { killed: 9, survived: 1, share: 0.9 },
  { killed: 0, survived: 3, share: 0 },
  { killed: 0, survived: 0, share: undefined },
];
for (const { killed, survived, share } of shares) {
  test(`${killed} killed beside ${survived} survivors are a share of ${share ?? 'nothing'}`, () => {
    expect(killedShare({ killed, survived })).toBe(share);
  });
}

test('a share is never rounded up to its bar', () => {
  const scores = [
    { room: 'a', killed: 9_000, timedOut: 30, survived: 1_000, unreached: 0 },
    { room: 'b', killed: 8_999, timedOut: 0, survived: 1_001, unreached: 7 },
  ];
  expect(scoreTable(scores, 0.9)).toEqual([
    '| room | mutants | killed | of them by time | survived | of them in no test | killed | at least 90 % |',
    '| ---- | ------: | -----: | --------------: | -------: | -----------------: | -----: | ------------- |',
    '| a    |   10000 |   9000 |              30 |     1000 |                  0 | 90.0 % | ✓ met         |',
    '| b    |   10000 |   8999 |               0 |     1001 |                  7 | 89.9 % | ✗ missed      |',
    '| all  |   20000 |  17999 |              30 |     2001 |                  7 | 89.9 % | ✗ missed      |',
  ]);
});

test('a survivor is told by place and change, each on one line', () => {
  const source = () => 'a > b;\nif (a) {\n  b();\n}\n';
  const block = { start: { line: 2, column: 8 }, end: { line: 4, column: 2 } };
  const told = survivorLines(
    [
      mutant('a.ts', 'Survived'),
      mutant('a.ts', 'NoCoverage', { location: block, mutatorName: 'BlockStatement', replacement: '{}' }),
      mutant('a.ts', 'Killed'),
    ],
    source,
  );
  expect(told).toEqual(['a.ts:1 EqualityOperator: a > b → a >= b', 'a.ts:2 BlockStatement: { b(); } → {}']);
});
