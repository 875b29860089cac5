import { expect, test } from '@playwright/test';
import { recordRun } from '../../testing/recorded-run.ts';
import { seen } from '../../testing/any-run-data.ts';
import { encodeRun, openRun } from '../../load/measure/payload.ts';
import { emptyRunData } from '../../load/measure/run-data.ts';
import { addSeenFrom } from './lay-over.ts';

function sample() {
  const run = recordRun({
    requests: [
      { path: '/a', ms: 5, atMs: 500 },
      { path: '/a', ms: 7, atMs: 1_500 },
      { path: '/b', ms: 9, atMs: 1_600, status: 500 },
    ],
    segment: {
      generator: [
        { second: 0, elu: 0.5 },
        { second: 1, elu: 0.25 },
      ],
    },
  });
  const samples = [{ atMs: 900, rssMb: 12, phase: 'load' } as const];
  run.resources.push({ name: 'server', pid: 1, cores: 2, samples });
  run.accounting.push('a sum that does not hold');
  return run;
}

function seenFrom(laterMs: number) {
  const run = sample();
  const merged = emptyRunData(run.plan);
  addSeenFrom(merged, openRun(encodeRun(run)), laterMs);
  return merged;
}

const moves = [
  { laterMs: 2_000, seconds: 2 },
  { laterMs: 2_499, seconds: 2 },
  { laterMs: 2_500, seconds: 3 }, // whole seconds move to the nearest
  { laterMs: 1, seconds: 0 },
];
for (const { laterMs, seconds } of moves) {
  test(`a segment that began ${laterMs} ms later has its moments ${laterMs} ms and its seconds ${seconds} later`, () => {
    const moved = seenFrom(laterMs);
    const keys = (name: string) => [...(moved.endpoints.get(name)?.windows.keys() ?? [])];
    expect([...moved.windows.keys()]).toEqual([seconds, seconds + 1]);
    expect([keys('GET /a'), keys('GET /b')]).toEqual([[seconds, seconds + 1], [seconds + 1]]);
    expect(moved.segments[0]?.generator).toEqual([
      { second: seconds, elu: 0.5 },
      { second: seconds + 1, elu: 0.25 },
    ]);
    expect(moved.resources).toEqual([
      { name: 'server', pid: 1, cores: 2, samples: [{ atMs: 900 + laterMs, rssMb: 12, phase: 'load' }] },
    ]);
    const exemplars = moved.exemplars.list().map(({ why, atMs, serviceMs }) => ({ why, atMs, serviceMs }));
    expect(exemplars).toEqual([
      { why: 'slow', atMs: 1_500 + laterMs, serviceMs: 7 },
      { why: 'slow', atMs: 500 + laterMs, serviceMs: 5 },
      { why: 'failed', atMs: 1_600 + laterMs, serviceMs: 9 },
    ]);
  });
}

test('what has no time in it is as it was', () => {
  const timeless = (run: ReturnType<typeof sample>) => {
    const segments = run.segments.map((segment) => ({ ...segment, generator: [] }));
    const endpoints = [...run.endpoints].map(([name, endpoint]) => [name, { ...endpoint, windows: [] }]);
    return seen({ ...run, segments, endpoints, windows: [...run.windows.values()], exemplars: [], resources: [] });
  };
  expect(timeless(seenFrom(5_000))).toEqual(timeless(sample()));
});
