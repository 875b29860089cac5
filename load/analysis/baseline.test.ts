import { expect, test } from '@playwright/test';
import {
  addToBaseline,
  baselineSchema,
  fingerprintDifferences,
  parseBaseline,
  type BaselineRun,
  type Fingerprint,
} from './baseline.ts';

const fingerprint: Fingerprint = {
  cpu: 'EPYC',
  cores: 2,
  memoryGb: 8,
  os: 'linux 6.1',
  node: 'v20.20.2',
  labels: { scenario: 'a1' },
};
const figures = { count: 500, mean: 4, p50: 3, p95: 9, p99: 12, throughputPerSec: 100, errorRate: 0 };
const run = (at: string): BaselineRun => ({ at, endpoints: { 'GET /a': figures } });

test('a baseline keeps the last runs, oldest first', () => {
  let baseline = addToBaseline(undefined, { fingerprint, run: run('1') }).baseline;
  for (const at of ['2', '3', '4']) baseline = addToBaseline(baseline, { fingerprint, run: run(at), keep: 3 }).baseline;
  expect(baseline.runs.map(({ at }) => at)).toEqual(['2', '3', '4']);
});

test('on another machine a new baseline is begun', () => {
  const { baseline } = addToBaseline(undefined, { fingerprint, run: run('1') });
  expect(addToBaseline(baseline, { fingerprint: { ...fingerprint, cores: 8 }, run: run('2') })).toMatchObject({
    begun: true,
    baseline: { runs: [{ at: '2' }] },
  });
  expect(addToBaseline(baseline, { fingerprint, run: run('2') }).begun).toBe(false);
});

test('differences of a fingerprint are named', () => {
  const other = { ...fingerprint, cores: 8, labels: { transport: 'playwright' } };
  expect(fingerprintDifferences(fingerprint, fingerprint)).toEqual([]);
  expect(fingerprintDifferences(fingerprint, other)).toEqual([
    'cores: 2, now 8',
    'scenario: a1, now absent',
    'transport: absent, now playwright',
  ]);
});

test('what was written is read back', () => {
  const { baseline } = addToBaseline(undefined, { fingerprint, run: run('1') });
  expect(parseBaseline(JSON.stringify(baseline))).toEqual({ kind: 'baseline', baseline });
});

const whole = { schema: baselineSchema, fingerprint, runs: [run('1')] };
const damaged: { title: string; text: string; problems: unknown[] }[] = [
  { title: 'half a file', text: '{"schema":', problems: [expect.stringContaining('not JSON')] },
  { title: 'a list', text: '[]', problems: ['not an object'] },
  {
    title: 'a later schema',
    text: '{"schema":"playload.baseline/9"}',
    problems: ['`schema` must be "playload.baseline/1", got "playload.baseline/9"'],
  },
  {
    title: 'no fingerprint and no runs',
    text: JSON.stringify({ schema: baselineSchema }),
    problems: ['`fingerprint` must be an object', '`runs` must be an array'],
  },
  {
    title: 'wrong types in a fingerprint',
    text: JSON.stringify({ ...whole, fingerprint: { ...fingerprint, cores: '2', labels: { a: 1 } } }),
    problems: ['`fingerprint.cores` must be a number', '`fingerprint.labels` must be an object of strings'],
  },
  {
    title: 'a time of 0 and a rate of 2',
    text: JSON.stringify({
      ...whole,
      runs: [{ at: '1', endpoints: { 'GET /a': { ...figures, p95: 0, errorRate: 2 } } }],
    }),
    problems: [
      '`runs[0].endpoints["GET /a"].p95` must be a time above 0',
      '`runs[0].endpoints["GET /a"].errorRate` must be a share from 0 to 1',
    ],
  },
  {
    title: 'runs that are none',
    text: JSON.stringify({ ...whole, runs: [7, { at: 1 }] }),
    problems: ['`runs[0]` must be an object', '`runs[1].at` must be a string', '`runs[1].endpoints` must be an object'],
  },
];
for (const { title, text, problems } of damaged) {
  test(`${title} is unusable and says why`, () => {
    expect(parseBaseline(text)).toEqual({ kind: 'unusable', problems });
  });
}
