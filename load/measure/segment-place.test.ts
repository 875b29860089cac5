import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { emptyRunData, type RunData, type SegmentData } from './run-data.ts';
import { awaitsMerge, coresOf, lostGenerators, shardOf, startSkewMs } from './segment-place.ts';

const segment = { runId: 'r', startedAtEpochMs: 0, durationMs: 1_000, generator: [], pid: 1 };
const runOf = (...parts: readonly Partial<SegmentData>[]): RunData => {
  const run = emptyRunData({ index: 0, profile: 'p', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' });
  run.segments.push(...parts.map((part) => ({ ...segment, index: 0, of: 1, ...part })));
  return run;
};
const core = (index: number, of: number, lateMs = 0) => ({ index, of, lateMs });

const places = [
  { place: { index: 0, of: 1 }, shard: { index: 0, of: 1 } },
  { place: { index: 2, of: 4 }, shard: { index: 2, of: 4 } },
  { place: { index: 1, of: 2, core: core(1, 2) }, shard: { index: 0, of: 1 } },
  { place: { index: 2, of: 4, core: core(0, 2) }, shard: { index: 1, of: 2 } },
  { place: { index: 3, of: 4, core: core(1, 2) }, shard: { index: 1, of: 2 } },
];
for (const { place, shard } of places) {
  const cores = place.core === undefined ? '' : `, core ${place.core.index + 1} of ${place.core.of},`;
  test(`segment ${place.index + 1} of ${place.of}${cores} is of shard ${shard.index + 1} of ${shard.of}`, () => {
    expect(shardOf(place)).toEqual(shard);
  });
}

const runs = [
  { what: 'from one process', run: runOf({}), awaits: false, cores: 1, skewMs: undefined },
  { what: 'of one of two shards', run: runOf({ of: 2 }), awaits: true, cores: 1, skewMs: undefined },
  {
    what: 'from two cores',
    run: runOf({ of: 2, core: core(0, 2) }, { index: 1, of: 2, core: core(1, 2, 0.25) }),
    awaits: false,
    cores: 2,
    skewMs: 0.25,
  },
  {
    what: 'from two cores of one of two shards',
    run: runOf({ of: 4, core: core(0, 2) }, { index: 1, of: 4, core: core(1, 2, 3) }),
    awaits: true,
    cores: 2,
    skewMs: 3,
  },
];
for (const { what, run, awaits, cores, skewMs } of runs) {
  test(`a run ${what} ${awaits ? 'awaits' : 'awaits no'} merge`, () => {
    expect([awaitsMerge(run), coresOf(run), startSkewMs(run)]).toEqual([awaits, cores, skewMs]);
  });
}

test('whoever was lost on any machine is told', () => {
  expect(lostGenerators(runOf({ lost: ['core 2 of 2 hung'] }, {}, { lost: ['a', 'b'] }))).toEqual([
    'core 2 of 2 hung',
    'a',
    'b',
  ]);
});
