import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { recordRun, type SampleParts } from '../../testing/recorded-run.ts';
import { collectedRun, samplePiece, sampleTest } from '../../testing/sample-test.ts';
import { emptyRunData } from '../../load/measure/run-data.ts';
import { baselineKeys } from './baseline-keys.ts';

const inTest = (test: ReturnType<typeof sampleTest>, parts: SampleParts, onShard = false) =>
  collectedRun([samplePiece(recordRun(parts), { test })], onShard);

const profile = '100 iterations by 20 users';
const key = { project: 'load', file: 'a.spec.ts', title: ['health'], profile };

test('loads that are alike are told apart by their order, in each test for itself', () => {
  const [one, other] = [sampleTest(), sampleTest({ repeat: 1 })];
  const runs = [
    inTest(one, { plan: { index: 2 } }),
    inTest(one, { plan: { index: 0 } }),
    inTest(one, { plan: { index: 1, name: 'again', unjudged: true } }),
    inTest(one, { plan: { index: 3, name: 'browse' } }),
    inTest(other, { plan: { index: 0 } }),
  ];
  expect(baselineKeys(runs).map(([run, load]) => [runs.indexOf(run), load])).toEqual([
    [0, { ...key, nth: 2 }],
    [1, key],
    [3, { ...key, name: 'browse' }],
    [4, key],
  ]);
});

test('neither a share of a load nor a test without one has a baseline', () => {
  const nothing = samplePiece({ kind: 'unreadable', reason: 'no load' });
  const data = emptyRunData({ index: 0, profile, model: 'closed', warmUpMs: 0, whenSaturated: 'warn' });
  const missing = { ...inTest(sampleTest(), {}), data, group: { first: nothing, pieces: [nothing] } };
  expect(baselineKeys([inTest(sampleTest(), { segment: { index: 0, of: 2 } }, true), missing])).toEqual([]);
});
