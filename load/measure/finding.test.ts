import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { cells, decodeFindings, encodeFindings, type Finding, isBadFinding, titleOfFinding } from './finding.ts';

const finding: Finding = {
  kind: 'breaking-point',
  verdict: 'measured',
  sentence: 'sustains 198/s (3 of 3)',
  figures: { sustained: 198 },
  runs: [0, 1],
};

test('findings come out of an attachment as they went in', () => {
  expect(decodeFindings(encodeFindings([finding]))).toEqual([finding]);
});

const damaged: readonly (readonly [text: string, problem: string])[] = [
  ['{"schema":"playload.findings/9","findings":[]}', 'findings of schema `playload.findings/9` cannot be read'],
  ['{"schema":"playload.findings/1"}', '`playload.findings/1` can'],
  ['null', 'findings of schema `undefined` cannot be read'],
  ['{"schema":"playload.fin', 'JSON'],
];
for (const [text, problem] of damaged) {
  test(`an attachment that is \`${text}\` is refused`, () => {
    expect(() => decodeFindings(text)).toThrow(problem);
  });
}

test('what does not hold and what could not be told ends a build, and nothing else', () => {
  const verdicts = ['passed', 'measured', 'failed', 'invalid', 'inconclusive'] as const;
  expect(verdicts.filter((verdict) => isBadFinding({ verdict }))).toEqual(['failed', 'invalid']);
});

test('it is called by its kind and its name', () => {
  expect(titleOfFinding(finding)).toBe('breaking point');
  expect(titleOfFinding({ ...finding, name: 'the list' })).toBe('breaking point of the list');
});

test('a row leaves out what was not measured, and keeps 0', () => {
  expect(cells({ p95: 0, p99: undefined, step: 'ramp' })).toEqual({ p95: 0, step: 'ramp' });
});
