import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { defaultObjective, judgeStep, type LoadStep } from './load-step.ts';

const objective = { ...defaultObjective, p95: '20ms' } as const;
const healthy: LoadStep = { level: 100, scheduled: 1_000, completed: 1_000, failed: 0, p95Ms: 12, halvesMs: [5, 5] };

const cases: { title: string; step: Partial<LoadStep>; expected: object }[] = [
  { title: 'a healthy step', step: {}, expected: { kind: 'sustained' } },
  {
    title: 'every promise kept to the letter',
    step: { p95Ms: 20, failed: 10, completed: 980, halvesMs: [4, 6] },
    expected: { kind: 'sustained' },
  },
  { title: 'a slow step', step: { p95Ms: 20.1 }, expected: { kind: 'broken', by: ['latency'] } },
  { title: 'a step with failures', step: { failed: 11 }, expected: { kind: 'broken', by: ['errors'] } },
  {
    title: 'a step that leaves requests unanswered',
    step: { completed: 979 },
    expected: { kind: 'broken', by: ['backlog'] },
  },
  { title: 'a step whose backlog grows', step: { halvesMs: [4, 6.1] }, expected: { kind: 'broken', by: ['backlog'] } },
  {
    title: 'a dead server',
    step: { completed: 0, failed: 1_000, halvesMs: [1, 1] },
    expected: { kind: 'broken', by: ['errors', 'backlog'], silent: true },
  },
  {
    title: 'fewer arrivals than the nominal rate',
    step: { scheduled: 940, completed: 940 },
    expected: { kind: 'sustained' },
  },
  {
    title: 'a slow step of a generator at its limit',
    step: { p95Ms: 900, generatorBound: 'event loop 97 % busy' },
    expected: { kind: 'generator-bound', reason: 'event loop 97 % busy' },
  },
  {
    title: 'a step far too slow of a generator at its limit that was late by a little',
    step: { p95Ms: 900, lagP99Ms: 90, generatorBound: 'event loop 97 % busy' },
    expected: { kind: 'broken', by: ['latency'] },
  },
  {
    title: 'a step that holds all the same with a generator at its limit',
    step: { lagP99Ms: 11, generatorBound: 'event loop 97 % busy' },
    expected: { kind: 'sustained' },
  },
  {
    title: 'a step of users that holds with a generator at its limit, which holds users back',
    step: { generatorBound: 'event loop 97 % busy' },
    expected: { kind: 'generator-bound', reason: 'event loop 97 % busy' },
  },
  {
    title: 'a slow step of a generator that was late by as much',
    step: { p95Ms: 900, lagP99Ms: 91, generatorBound: 'event loop 97 % busy' },
    expected: { kind: 'generator-bound', reason: 'event loop 97 % busy' },
  },
  {
    title: 'a step with failures of a generator at its limit',
    step: { failed: 500, lagP99Ms: 1, generatorBound: 'event loop 97 % busy' },
    expected: { kind: 'generator-bound', reason: 'event loop 97 % busy' },
  },
  {
    title: 'a step that breaks a limit of its SLO on something else',
    step: { missed: ['objective'] },
    expected: { kind: 'broken', by: ['objective'] },
  },
  {
    title: 'a step whose latency breaks its SLO',
    step: { missed: ['latency', 'errors'] },
    expected: { kind: 'broken', by: ['latency', 'errors'] },
  },
];
for (const { title, step, expected } of cases) {
  test(`${title} is ${JSON.stringify(expected)}`, () => {
    expect(judgeStep({ ...healthy, ...step }, objective)).toEqual(expected);
  });
}

test('answers that all failed are broken, however many the objective allows', () => {
  const failed: LoadStep = { level: 100, scheduled: 1_000, completed: 1_000, failed: 1_000 };
  expect(judgeStep(failed, { ...objective, errorRate: 1 })).toEqual({ kind: 'broken', by: ['errors'], silent: true });
});

test('a step without any answer breaks the p95 as well', () => {
  const silent: LoadStep = { level: 100, scheduled: 1_000, completed: 0, failed: 0 };
  expect(judgeStep(silent, objective)).toEqual({ kind: 'broken', by: ['latency', 'backlog'], silent: true });
});
