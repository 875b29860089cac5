import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { recordRun } from '../../testing/recorded-run.ts';
import {
  type Baseline,
  baselineEnvironment,
  type BaselineKey,
  baselineName,
  type BaselineRun,
  baselineRunOf,
  decodeBaseline,
  encodeBaseline,
  keptBaseline,
  runsOf,
  withBaselineRun,
} from './baseline.ts';

const load: BaselineKey = { project: 'load', file: 'a.spec.ts', title: ['the list', 'answers'], profile: '5/s for 1s' };
const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();
const runAt = (day: number): BaselineRun => ({
  at: at(day),
  requests: 100,
  errorRate: 0,
  throughputPerSec: 10,
  latencyMs: { count: 100, mean: 50, p50: 50, p95: 95, p99: 99 },
});
const recorded = (days: number, environment = 'here', known?: Baseline) =>
  Array.from({ length: days }, (_, day) => runAt(day + 1)).reduce<Baseline | undefined>(
    (baseline, run) => withBaselineRun(baseline, { load, environment, run }),
    known,
  );

test('a baseline comes out of its file as it went in, a value on each line', () => {
  const baseline = withBaselineRun(undefined, { load, environment: 'here', run: runAt(1) });
  const text = encodeBaseline(baseline);
  expect(decodeBaseline(text, load)).toEqual(baseline);
  expect(text).toContain('\n        "at": "2026-01-01T00:00:00.000Z",\n');
});

const text = encodeBaseline(withBaselineRun(undefined, { load, environment: 'here', run: runAt(1) }));
const damaged: readonly { readonly what: string; readonly text: string; readonly says: string }[] = [
  { what: 'half a file', text: text.slice(0, 100), says: 'it is no JSON object' },
  { what: 'a list', text: '[]', says: 'it is no JSON object' },
  {
    what: 'one of a later version',
    text: text.replace('baseline/1', 'baseline/2'),
    says: 'it has schema `playload.baseline/2`, and this version of playload reads `playload.baseline/1`',
  },
  { what: 'another file', text: '{"schema":"x"}', says: 'it is no baseline of schema `playload.baseline/1`' },
  { what: 'one of another load', text: text.replace('answers', 'fails'), says: 'it is the baseline of another load' },
  { what: 'no runs', text: text.replace('"environments"', '"places"'), says: 'its runs are damaged' },
  { what: 'a run without a p95', text: text.replace('"p95": 95', '"p96": 95'), says: 'its runs are damaged' },
  { what: 'a p95 of 0', text: text.replace('"p95": 95', '"p95": 0'), says: 'its runs are damaged' },
  { what: 'a p95 that is text', text: text.replace('"p95": 95', '"p95": "95"'), says: 'its runs are damaged' },
  {
    what: 'servers that are no list',
    text: text.replace('"requests"', '"servers": "x", "requests"'),
    says: 'its runs are damaged',
  },
  { what: 'no time', text: text.replace('2026-01-01T00:00:00.000Z', 'then'), says: 'its runs are damaged' },
  {
    what: 'more errors than requests',
    text: text.replace('"errorRate": 0', '"errorRate": 2'),
    says: 'its runs are damaged',
  },
];
for (const { what, text: each, says } of damaged) {
  test(`${what} is refused: ${says}`, () => {
    expect(() => decodeBaseline(each, load)).toThrow(new TypeError(says));
  });
}

test('the newest ten runs of an environment are kept', () => {
  const runs = runsOf(recorded(12), 'here');
  expect(runs.map((run) => run.at)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(at));
  expect(keptBaseline.runs).toBe(10);
});

test('environments lie side by side, and that which was not recorded for longest falls away', () => {
  const names = Array.from({ length: keptBaseline.environments + 1 }, (_, number) => `machine ${number}`);
  const full = names.slice(0, -1).reduce<Baseline | undefined>((known, name) => recorded(1, name, known), undefined);
  const again = recorded(1, 'machine 0', full);
  const more = recorded(1, names.at(-1), again);
  expect(runsOf(again, 'machine 0')).toHaveLength(2);
  expect(Object.keys(more?.environments ?? {})).toEqual([...names.slice(2, -1), 'machine 0', names.at(-1)]);
  expect(runsOf(more, 'elsewhere')).toEqual([]);
  expect(runsOf(more, 'toString')).toEqual([]);
  expect(runsOf(undefined, 'here')).toEqual([]);
});

const names: readonly { readonly key: Partial<BaselineKey>; readonly name: RegExp }[] = [
  { key: {}, name: /^the-list-answers-[0-9a-f]{8}$/ },
  { key: { name: 'browse' }, name: /^the-list-answers-browse-[0-9a-f]{8}$/ },
  { key: { nth: 2 }, name: /^the-list-answers-2-[0-9a-f]{8}$/ },
  { key: { title: ['Größe: ../../etc'] }, name: /^gro-e-etc-[0-9a-f]{8}$/ },
  { key: { title: ['負荷'] }, name: /^load-[0-9a-f]{8}$/ },
  { key: { title: ['x'.repeat(300)] }, name: /^x{60}-[0-9a-f]{8}$/ },
];
for (const { key, name } of names) {
  test(`the file of ${JSON.stringify(key).slice(0, 60)} is called ${String(name)}`, () => {
    expect(baselineName({ ...load, ...key })).toMatch(name);
  });
}

test('each part of the key makes another file', () => {
  const others: Partial<BaselineKey>[] = [
    {},
    { project: 'stress' },
    { file: 'b.spec.ts' },
    { title: ['the list answers'] },
    { name: 'browse' },
    { profile: '6/s for 1s' },
    { nth: 2 },
  ];
  expect(new Set(others.map((other) => baselineName({ ...load, ...other }))).size).toBe(others.length);
});

test('a closed model is known by its service times, and what was cut off or failed is an error', () => {
  const requests = Array.from({ length: 10 }, (_, n) => ({
    path: '/',
    ms: 10,
    atMs: n,
    ...(n === 0 && { status: 500 }),
  }));
  expect(baselineRunOf(recordRun({ requests, segment: { planHash: 'p' } }), 'c')).toEqual({
    at: at(1),
    commit: 'c',
    planHash: 'p',
    requests: 10,
    errorRate: 0.1,
    throughputPerSec: 0.9,
    latencyMs: { count: 9, mean: 10, p50: 10, p95: 10, p99: 10 },
  });
});

test('an open model is known by its response times', () => {
  const run = recordRun({ plan: { model: 'open' }, requests: [{ path: '/', ms: 10 }], segment: { commit: 'own' } });
  expect(baselineRunOf(run, 'c')).toMatchObject({ commit: 'own', latencyMs: { count: 1 } });
});

test('a server that answers nothing has errors and no latency; without a request there is no run', () => {
  const refused = baselineRunOf(recordRun({ requests: [{ path: '/', ms: 1, status: undefined }] }));
  expect(refused).toEqual({ at: at(1), requests: 1, errorRate: 1, throughputPerSec: 0 });
  expect(baselineRunOf(recordRun({ requests: [] }))).toBeUndefined();
});

const target = { origins: ['http://127.0.0.1:1'], ownServer: false };
const environments: readonly { readonly segments: Parameters<typeof recordRun>[0][]; readonly words: string }[] = [
  { segments: [{ segment: { environment: 'X, 2 cores' } }], words: 'X, 2 cores' },
  { segments: [{}], words: 'unknown machine' },
  { segments: [{ segment: { environment: 'X', target } }], words: 'X, server elsewhere' },
  {
    segments: [{ segment: { environment: 'X', target: { ...target, machine: 'm' } } }],
    words: 'X, server on this machine',
  },
  {
    segments: [{ segment: { environment: 'Y', of: 2 } }, { segment: { environment: 'X', index: 1, of: 2 } }],
    words: 'X and Y, sent by 2 processes',
  },
];
for (const { segments, words } of environments) {
  test(`an environment is called ${words}`, () => {
    expect(baselineEnvironment({ segments: segments.flatMap((parts) => recordRun(parts).segments) })).toBe(words);
  });
}
