import { expect as plain } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { LoadRun, partOf } from './load-run.ts';
import { arrivals } from './profile/arrivals.ts';
import { liveThrough } from '../testing/virtual-run.ts';
import { expect } from './to-meet.ts';
import { slo } from './verdict/slo.ts';

async function finishedRun(of = 1): Promise<LoadRun> {
  const { data } = await liveThrough(
    arrivals('10/s').for('4s'),
    async ({ request, check, metrics }) => {
      await request.get('/a');
      check('fine', true);
      metrics.trend('basket', 3);
    },
    { answer: (_, atMs) => ({ afterMs: atMs < 1_000 ? 500 : 10 }) },
  );
  data.segments.push({ runId: 'r', index: 0, of, startedAtEpochMs: 0, durationMs: 4_000, generator: [], pid: 1 });
  return new LoadRun({ ...data, plan: { ...data.plan, steady: { fromMs: 0, toMs: 4_000 } } });
}

test('limits hold for the run, an endpoint, a check, a metric and parts of the time, each for its own', async () => {
  const run = await finishedRun();
  expect(run).toMeet({ successRate: '100%', requests: '40', dropped: '0', max: '>= 500ms' });
  expect(run.endpoint('GET /a')).toMeet({ serviceTime: { p50: '< 20ms' } });
  expect(run.check('fine')).toMeet({ rate: '100%' });
  expect(run.metric('basket')).toMeet({ mean: '<= 3' });
  expect(run.after('1s')).toMeet({ max: '< 20ms', requests: '30' });
  expect(run.steady).toMeet({ throughput: '> 9/s' });
  expect(run.endpoint('GET /a').every('2s')).toMeet({ requests: '20' });
  plain(partOf(run).data.thresholds).toHaveLength(11); // all of them are judged again on the merged run
  plain(run.judgement.verdict).toBe('passed');
});

test('an SLO is met by a run and by an endpoint, and told by its name', async () => {
  const run = await finishedRun();
  const quick = slo({ p50: '< 100ms', errorRate: '< 1%' }, { name: 'quick' });
  expect(run).toMeet(quick);
  expect(run.endpoint('GET /a')).toMeet(quick);
  expect(run).toMeet({ ...quick, max: '< 1s' }); // what is spread is its limits alone
  plain(partOf(run).data.thresholds.map(({ slo: name }) => name)).toEqual([
    ...['quick', 'quick', 'quick', 'quick'],
    ...[undefined, undefined, undefined],
  ]);
  plain(run.judgement.verdict).toBe('passed');
});

test('what users got of an SLO, and how fast its budget burnt, are asked of a run and of an endpoint', async () => {
  const run = await finishedRun();
  const quick = slo({ p75: '< 100ms' });
  for (const part of [run, run.endpoint('GET /a')]) {
    plain(part.goodput(quick)).toEqual({ good: 30, of: 40, share: 0.75, perSec: 7.5 });
    plain(part.errorBudget(quick, { window: '2s' }).map(({ used, worst }) => [used, worst.burn])).toEqual([[1, 2]]);
  }
  plain(run.endpoint('GET /b').goodput(quick)).toBe(undefined);
  plain(run.endpoint('GET /b').errorBudget(quick)).toEqual([]);
  plain(() => run.goodput({ errorRate: '< 1%' })).toThrow('`goodput` needs an upper limit on a percentile or on `max`');
  plain(run.steadiness).toBe(undefined); // too short to tell
});

test('a missed limit fails with a table of scope, metric, limit and value; the window is part of the scope', async () => {
  const run = await finishedRun();
  plain(() => expect(run.endpoint('GET /a').every('1s')).toMeet({ max: '< 100ms' })).toThrow(
    /10\/s for 4s: 1 of 1 thresholds missed\n\n {2}✗ {2}GET \/a, every 1s {2}max {2}expected < 100ms {2}received 50\d ms/,
  );
  plain(run.judgement.verdict).toBe('failed');
});

const percentiles = ['p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'p9999'] as const;
for (const percentile of percentiles) {
  test(`a limit on \`${percentile}\` is shown with its value, of a run, a group, a window and a metric`, async () => {
    const run = await finishedRun();
    const row = (judge: () => void): string => {
      try {
        judge();
      } catch (error) {
        return (error as Error).message.split('\n').at(-1) ?? '';
      }
      return 'met';
    };
    const shown = [
      row(() => expect(run).toMeet({ [percentile]: '< 1us' })),
      row(() => expect(run).toMeet({ serviceTime: { [percentile]: '< 1us' } })),
      row(() => expect(run.after('0s')).toMeet({ [percentile]: '< 1us' })),
      row(() => expect(run.metric('basket')).toMeet({ [percentile]: '< 1' })),
    ];
    plain(shown[0]).toMatch(new RegExp(`run +${percentile} +expected < 1us +received \\d+(\\.\\d+)? ms`));
    plain(shown[1]).toMatch(new RegExp(`run +serviceTime\\.${percentile} +expected < 1us +received \\d+(\\.\\d+)? ms`));
    plain(shown[2]).toMatch(new RegExp(`run, after 0s +${percentile} +expected < 1us +received \\d+(\\.\\d+)? ms`));
    plain(shown[3]).toMatch(new RegExp(`metric "basket" +${percentile} +expected < 1 +received 3$`));
    plain(run.metric('basket').value(percentile)).toBe(3);
  });
}

test('a metric has no statistic that no limit could name', async () => {
  const run = await finishedRun();
  plain(() => run.metric('basket').value('p42' as 'p50')).toThrow(
    '`p42` is no statistic of a metric; known are count, rate, last, min, mean, p50, p75, p90, p95, p99, p999, p9999, max',
  );
});

test('a segment only records', async () => {
  const run = await finishedRun(2);
  expect(run).toMeet({ max: '< 1us' });
  plain(partOf(run).data.thresholds).toHaveLength(1);
});

test('what is acceptable does not fail the test', async () => {
  const run = await finishedRun();
  expect(run).toMeet({ max: { target: '< 100ms', acceptable: '< 1s' } });
  plain(run.judgement.verdict).toBe('acceptable');
});

const forgotten: unknown = Promise.resolve();

const wrong: readonly { readonly say: string; readonly make: (run: LoadRun) => unknown; readonly words: string }[] = [
  {
    say: 'the opposite',
    make: (run) => expect(run).not.toMeet({ p95: '< 1s' }),
    words: '`toMeet` has no opposite: turn the comparison round',
  },
  { say: 'no limit', make: (run) => expect(run).toMeet({}), words: '`toMeet` needs at least one limit' },
  {
    say: 'what is no run',
    make: () => expect(forgotten).toMeet({} as never),
    words: 'was an `await` forgotten?',
  },
  {
    say: 'windows of half a second',
    make: (run) => run.every('500ms'),
    words: '`every` counts whole seconds, got `500ms`',
  },
  { say: 'no time to wait', make: (run) => run.after('soon' as '1s'), words: '`after` must be a duration such as' },
];
for (const { say, make, words } of wrong) {
  test(`refuses ${say}`, async () => {
    const run = await finishedRun();
    plain(() => make(run)).toThrow(words);
    plain(partOf(run).data.thresholds).toHaveLength(0); // nothing half said stays behind
  });
}

test('a profile without a level has no steady part', async () => {
  const { data } = await liveThrough(arrivals.ramp([{ to: '10/s', over: '2s' }]));
  plain(() => new LoadRun(data).steady).toThrow('`0/s to 10/s over 2s` does not say how long it holds a level');
});

test('a run tells its figures, absent where nothing was measured', async () => {
  const run = await finishedRun();
  plain([run.requests.ok, run.successRate, run.throughputPerSec, run.durationMs]).toEqual([40, 1, 10, 4_000]);
  plain([run.responseMs?.count, run.serviceMs?.count, run.lagMs?.count]).toEqual([40, 40, 40]);
  plain(run.endpoints.map(({ name, requests }) => [name, requests?.ok])).toEqual([['GET /a', 40]]);
  plain([run.endpoint('GET /b').requests, run.endpoint('GET /b').serviceMs]).toEqual([undefined, undefined]);
  plain([
    run.metric('basket').value('mean'),
    run.metric('basket').value('rate'),
    run.metric('none').value('mean'),
  ]).toEqual([3, undefined, undefined]);
});

test('of a run that is invalid the first words say so, before the limits it missed', async () => {
  const run = await finishedRun();
  const [first] = partOf(run).data.segments;
  if (first === undefined) throw new Error('a finished run has a segment');
  const busy = Array.from({ length: 4 }, (_, second) => ({ second, elu: 0.97 }));
  partOf(run).data.segments.splice(0, 1, { ...first, generator: busy });
  plain(() => expect(run).toMeet({ max: '< 100ms' })).toThrow(
    /^invalid: the load generator was the bottleneck: [^]*10\/s for 4s: 1 of 1 thresholds missed/,
  );
});
