import { expect } from '@playwright/test';
import fc from 'fast-check';
import { expectSame } from '../../testing/expect-same.ts';
import { test } from '../../testing/plain-test.ts';
import { recordRun } from '../../testing/recorded-run.ts';
import { seen } from '../../testing/any-run-data.ts';
import { otherEndpoints, otherTags } from '../../load/measure/bounded-rows.ts';
import { encodeRun, openRun } from '../../load/measure/payload.ts';
import { emptyEndpoint, emptyEndpointWindow, emptyRunData, type EndpointData } from '../../load/measure/run-data.ts';
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
    return seen({
      ...run,
      segments,
      endpoints,
      windows: [...run.windows.values()],
      fine: [...run.fine.values()],
      errors: [...run.errors.values()].map(({ fromMs, toMs, ...group }) => ({
        ...group,
        lasts: (toMs ?? 0) - (fromMs ?? 0),
      })),
      exemplars: [],
      resources: [],
    });
  };
  expect(timeless(seenFrom(5_000))).toEqual(timeless(sample()));
});

/** As a recorder files a call of each name, of which it tells so many apart. */
function filed(names: readonly string[], most: number, others: string): [string, EndpointData][] {
  const rows = new Map<string, EndpointData>();
  for (const name of names) {
    const told = [...rows.keys()].filter((each) => each !== others);
    const filedAs = told.includes(name) || told.length < most ? name : others;
    const row = rows.get(filedAs) ?? emptyEndpoint();
    row.counts.ok += 1;
    row.service.recordMs(1);
    row.windows.set(0, { ...emptyEndpointWindow(), ok: row.counts.ok });
    rows.set(filedAs, row);
  }
  return [...rows];
}

const anyNames = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 10 });
const parts = [
  { part: 'endpoints', others: otherEndpoints },
  { part: 'tags', others: otherTags },
] as const;
for (const { part, others } of parts) {
  test(`a row of ${part} of several shards has all of its name, in whatever order they come, and nothing is lost`, () => {
    const three = fc.tuple(anyNames, anyNames, anyNames);
    fc.assert(
      fc.property(three, fc.integer({ min: 1, max: 4 }), (shards, most) => {
        const { plan } = sample();
        const merged = (order: readonly (readonly string[])[]) => {
          const into = emptyRunData(plan);
          for (const names of order) {
            const run = emptyRunData(plan);
            for (const [name, row] of filed(names, most, others)) run[part].set(name, row);
            addSeenFrom(into, openRun(encodeRun(run)), 0);
          }
          return into[part];
        };
        const all = shards.flat();
        const [first, second, third] = shards;
        const rows = merged(shards);
        for (const [name, { counts }] of rows)
          if (name !== others) expectSame(counts.ok, all.filter((each) => each === name).length);
        const sums = [...rows.values()].map(({ counts, service, windows }) => {
          return [counts.ok, service.count, windows.get(0)?.ok];
        });
        for (const at of [0, 1, 2])
          expectSame(
            sums.reduce((sum, each) => sum + (each[at] ?? 0), 0),
            all.length,
          );
        expectSame(seen(merged([second, third, first])), seen(rows));
        expectSame(seen(merged([third, second, first])), seen(rows));
      }),
      { numRuns: 100 },
    );
  });
}

test('failed calls that a shard has among its others are not missing from a tag that another shows', () => {
  const { plan } = sample();
  const merged = emptyRunData(plan);
  for (const [name, ok, failed] of [
    ['t=a', 5, 0],
    [otherTags, 0, 7],
  ] as const) {
    const run = emptyRunData(plan);
    const row = emptyEndpoint();
    Object.assign(row.counts, { ok, failed });
    run.tags.set(name, row);
    addSeenFrom(merged, openRun(encodeRun(run)), 0);
  }
  const counts = [...merged.tags].map(([name, { counts }]) => [name, counts.ok, counts.failed]);
  expect(counts).toEqual([[otherTags, 5, 7]]);
});
