import { expect } from '@playwright/test';
import type { Verdict } from '../load/measure/summary.ts';
import { test } from '../testing/plain-test.ts';
import { gate, type GatedRun } from './gate.ts';
import { recordRun, reportedRun } from '../testing/recorded-run.ts';

function run(verdict: Verdict, more: Partial<GatedRun> = {}): GatedRun {
  const { summary } = reportedRun(recordRun(), { verdict, title: ['a.spec.ts', verdict], reason: `it is ${verdict}` });
  return { summary, awaitsMerge: false, mayFail: false, ...more };
}

const cases: {
  readonly what: string;
  readonly runs: readonly GatedRun[];
  readonly lost?: readonly string[];
  readonly unwritten?: readonly string[];
  readonly says?: string;
}[] = [
  { what: 'green and acceptable runs', runs: [run('passed'), run('acceptable')] },
  {
    what: 'a failed run',
    runs: [run('passed'), run('failed')],
    says: 'load run failed: a.spec.ts › failed: it is failed',
  },
  { what: 'an invalid run', runs: [run('invalid')], says: 'load run invalid: a.spec.ts › invalid: it is invalid' },
  {
    what: 'two bad runs',
    runs: [run('incomplete'), run('failed')],
    says: 'load run failed: a.spec.ts › failed: it is failed, and 1 more',
  },
  { what: 'a run whose other segments are elsewhere', runs: [run('incomplete', { awaitsMerge: true })] },
  { what: 'a failure that is wanted', runs: [run('failed', { mayFail: true })] },
  { what: 'a lost run', runs: [run('passed')], lost: ['a test: why'], says: 'load results were lost: a test: why' },
  {
    what: 'a result that could not be written',
    runs: [run('passed')],
    unwritten: ['`summary.json` cannot be written: ENOSPC'],
    says: 'load results that were asked for are not there: `summary.json` cannot be written: ENOSPC',
  },
];
for (const { what, runs, lost = [], unwritten = [], says } of cases) {
  test(`${what} ${says === undefined ? 'let the build pass' : 'stop the build'}`, () => {
    expect(gate({ runs, findings: [], lost, unwritten })).toBe(says);
  });
}
