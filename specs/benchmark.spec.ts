/**
 * Benchmark: how long one request takes when nothing else is asked, described as pytest-benchmark would, against the
 * plan's target and acceptable times.
 */
import { formatMs } from 'playload/analysis';
import { expect, type LoadRun, rounds, test } from 'playload';
import { endpoints } from './plan.ts';

const bodies = [
  {
    endpoint: endpoints.health,
    says: 'it is healthy',
    holds: (body: object) => 'status' in body && body.status === 'healthy',
  },
  { endpoint: endpoints.config, says: 'its agent id', holds: (body: object) => 'agent_id' in body },
  { endpoint: endpoints.capabilities, says: 'its capabilities', holds: (body: object) => 'capabilities' in body },
  { endpoint: endpoints.workflows, says: 'a list', holds: (body: object) => Array.isArray(body) },
];

for (const { endpoint, says, holds } of bodies) {
  test(`${endpoint.name} answers with ${says} within its target`, { tag: '@benchmark' }, async ({ load }) => {
    const path = endpoint.name.slice('GET '.length);
    const run = await load(
      rounds({ atLeast: 200, time: '2s' }),
      async ({ request, check }) =>
        check(`answers with ${says}`, holds((await (await request.get(path)).json()) as object)),
      { warmUp: '500ms', whenSaturated: 'warn' },
    );
    for (const [type, description] of benchmarkRows(run)) test.info().annotations.push({ type, description });
    expect(run).toMeet({
      successRate: '100%',
      mean: endpoint.responseTime,
      p95: endpoint.responseTime,
      requests: '>= 200',
    });
  });
}

function benchmarkRows({ benchmark }: LoadRun): [string, string][] {
  if (benchmark.kind !== 'measured') return [['benchmark', benchmark.reason]];
  const { rounds: count, min, q1, median, q3, iqr, mean, stdev = 0, p95, p99, max, outliers, ops = 0 } = benchmark;
  return [
    ['rounds', `${count}, ${Math.round(ops)} a second`],
    [
      'quartiles',
      `min ${formatMs(min)}, q1 ${formatMs(q1)}, median ${formatMs(median)}, q3 ${formatMs(q3)}, max ${formatMs(max)}, iqr ${formatMs(iqr)}`,
    ],
    ['mean', `${formatMs(mean)} ± ${formatMs(stdev)}, p95 ${formatMs(p95)}, p99 ${formatMs(p99)}`],
    ['outliers', `${outliers.mild} mild, ${outliers.severe} severe`],
  ];
}
