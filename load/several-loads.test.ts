import { expect as plain } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { LoadRun, partOf } from './load-run.ts';
import { recordRun, type SampleParts } from '../testing/recorded-run.ts';
import { putUnderTest, releaseRun } from './runs-under-test.ts';
import { expect } from './to-meet.ts';

const run = (index: number, ms: readonly number[], parts: SampleParts = {}) =>
  new LoadRun(
    recordRun({
      ...parts,
      plan: { index, name: `load ${index}`, ...parts.plan },
      requests: ms.map((each, at) => ({ path: '/a', ms: each, atMs: at * 100 })),
    }),
  );

test('several loads are judged as one: their requests and histograms together, and each bears the limit', () => {
  const [quick, slow] = [run(0, Array<number>(90).fill(10)), run(1, Array<number>(10).fill(500))];
  expect.loads(quick, slow).toMeet({ requests: '100', p90: '< 20ms', max: '>= 500ms' });
  for (const each of [quick, slow]) {
    plain(each.judgement.verdict).toBe('passed');
    plain(partOf(each).data.thresholds).toHaveLength(3);
    plain(each.judgement.thresholds.filter(({ implied }) => implied !== true).map(({ scope }) => scope)).toEqual(
      Array(3).fill('loads load 0, load 1 together'),
    );
  }
});

test('what they miss together, each of them misses; nothing of theirs is changed', () => {
  const [a, b] = [run(0, [10]), run(1, [500])];
  plain(() => expect.loads(a, b).toMeet({ max: '< 100ms' })).toThrow('1 of 1 thresholds missed');
  plain([a, b].map(({ judgement }) => judgement.verdict)).toEqual(['failed', 'failed']);
  plain([a, b].map(({ requests }) => requests.ok)).toEqual([1, 1]);
});

test('a limit on the failed of several speaks for each of them', () => {
  const data = recordRun({
    plan: { index: 1 },
    requests: [
      { path: '/a', ms: 1, status: 500 },
      { path: '/a', ms: 1 },
    ],
  });
  const [good, bad] = [run(0, Array<number>(98).fill(1)), new LoadRun(data)];
  expect.loads(good, bad).toMeet({ errorRate: '<= 1%' });
  plain([good, bad].map(({ judgement }) => judgement.verdict)).toEqual(['passed', 'passed']);
});

test('where the numbers are handed on, a load that is not there leaves no data, which fails', () => {
  const [a, b] = [run(0, [10]), run(1, [10])];
  expect.loads(a, b).toMeet({ max: '< 100ms' });
  const alone = recordRun({ thresholds: partOf(a).data.thresholds });
  const { verdict, thresholds } = new LoadRun(alone).judgement;
  plain([verdict, thresholds[0]?.metric, thresholds[0]?.actual]).toEqual(['failed', 'max', undefined]);
});

const twice = run(0, [1]);
const over = run(3, [1]);
putUnderTest(partOf(over).data, 'at hand');
releaseRun(partOf(over).data);
const wrong = [
  { what: 'none', runs: [], says: 'judges several loads as one, got none' },
  { what: 'one', runs: [twice], says: 'got one: of a single load ask `expect(run)`' },
  { what: 'one that is given twice', runs: [twice, twice], says: 'given a load twice' },
  { what: 'a load of another test', runs: [twice, over], says: 'loads of the test at hand' },
  { what: 'two models', runs: [twice, run(1, [1], { plan: { model: 'open' } })], says: 'loads of one model' },
  { what: 'a promise', runs: [twice, Promise.resolve(twice) as unknown as LoadRun], says: 'was an `await` forgotten?' },
];
for (const { what, runs, says } of wrong)
  test(`expect.loads refuses ${what}`, () => {
    plain(() => expect.loads(...runs).toMeet({ max: '< 1s' })).toThrow(says);
  });

const groups = { started: 10, failed: 2 };
function withGroups(): LoadRun {
  const data = recordRun({ thresholds: [] });
  const { durations } = data.groups.set('visit', { ...groups, durations: recordRun().lag }).get('visit') ?? {};
  for (const ms of [10, 20, 30, 40, 50, 60, 70]) durations?.recordMs(ms);
  return new LoadRun(data);
}

const limits = [
  { limits: { count: '7', failed: '2', unfinished: '1', errorRate: '30%' }, verdict: 'passed' },
  { limits: { p50: '<= 41ms', max: '< 100ms', mean: '< 41ms', stdev: '< 30ms' }, verdict: 'passed' },
  { limits: { failed: '0' }, verdict: 'failed' },
  { limits: { p95: '< 50ms' }, verdict: 'failed' },
] as const;
for (const { limits: given, verdict } of limits)
  test(`a group held against ${JSON.stringify(given)} is ${verdict}`, () => {
    const whole = withGroups();
    const judge = () => expect(whole.group('visit')).toMeet(given);
    if (verdict === 'passed') judge();
    else plain(judge).toThrow('group "visit"');
    plain(whole.judgement.verdict).toBe(verdict);
  });

test('a group that was never begun has no data, and a metric that it has not is refused', () => {
  const whole = withGroups();
  plain(() => expect(whole.group('other')).toMeet({ p95: '< 1s' })).toThrow('no data');
  plain(() => expect(whole.group('visit')).toMeet({ throughput: '> 1/s' } as never)).toThrow(
    '`throughput` is no metric of a group; known are count, failed',
  );
  plain(whole.group('visit').counts).toEqual({ started: 10, ok: 7, failed: 2, unfinished: 1 });
});

test('a tag is judged as an endpoint is, parts of its time too', () => {
  const whole = run(0, [10, 20]);
  const { data } = partOf(whole);
  const row = data.endpoints.get('GET /a');
  if (row !== undefined) data.tags.set('tenant=a', row);
  expect(whole.tag('tenant', 'a')).toMeet({ p95: '< 30ms', errorRate: '0%', requests: '2' });
  expect(whole.tag('tenant', 'a').every('1s')).toMeet({ max: '< 30ms' });
  plain(whole.tag('tenant', 'a').requests?.ok).toBe(2);
  plain(() => expect(whole.tag('tenant', 'b')).toMeet({ p95: '< 30ms' })).toThrow('tag "tenant=b"');
  plain(() => expect(whole.tag('tenant', 'a')).toMeet({ dropped: '0' } as never)).toThrow('not of a tag');
});

const askedWrongly = [
  { call: 'endpoint', ask: (of: LoadRun) => of.endpoint(undefined as never), says: '`run.endpoint` takes the name' },
  {
    call: 'group',
    ask: (of: LoadRun) => of.group(7 as never),
    says: '`run.group` takes the name of what it looks for, got 7',
  },
  { call: 'check', ask: (of: LoadRun) => of.check(null as never), says: '`run.check` takes the name' },
  { call: 'metric', ask: (of: LoadRun) => of.metric({} as never), says: '`run.metric` takes the name' },
  { call: 'tag', ask: (of: LoadRun) => of.tag('tenant', undefined as never), says: '`tags.tenant` must be a text' },
  { call: 'tag', ask: (of: LoadRun) => of.tag('tenant=a', 'b'), says: 'a word without `=`' },
];
for (const { call, ask, says } of askedWrongly)
  test(`run.${call} refuses what is no name: ${says}`, () => {
    plain(() => ask(run(0, [1]))).toThrow(says);
  });

const misspelt = [
  {
    scope: 'group',
    ask: (of: LoadRun) => expect(of.group('vist')).toMeet({ p95: '< 1s' }),
    says: '(called were visit)',
  },
  { scope: 'tag', ask: (of: LoadRun) => expect(of.tag('a', 1)).toMeet({ p95: '< 1s' }), says: '(no tag was called)' },
];
for (const { scope, ask, says } of misspelt)
  test(`a ${scope} that is misspelt is told those that there were: ${says}`, () => {
    plain(() => ask(withGroups())).toThrow(`no data ${says}`);
  });
