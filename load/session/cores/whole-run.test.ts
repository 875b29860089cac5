import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { emptyRunData, type RunPlan, type SegmentData } from '../../measure/run-data.ts';
import { type CorePart, withCores } from './whole-run.ts';

const plan: RunPlan = { index: 0, profile: 'p', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' };
const segment = { runId: 'r', of: 4, startedAtEpochMs: 0, durationMs: 1_000, generator: [], pid: 1 };
const target = (origin: string) => ({ origins: [origin], ownServer: false });

function part(
  given: Partial<SegmentData> & { readonly index: number },
  beganAtMs = 0,
  more: Partial<RunPlan> = {},
): CorePart {
  const data = emptyRunData({ ...plan, ...more });
  data.segments.push({ ...segment, ...given });
  return { data, beganAtMs };
}

test('segments are in order, each with how much later it began than the first to begin', () => {
  const segments = withCores([part({ index: 2 }, 100.25), part({ index: 3 }, 100)], 2, []);
  expect(segments.map(({ index, core, lost }) => ({ index, core, lost }))).toEqual([
    { index: 2, core: { index: 0, of: 2, lateMs: 0.25 }, lost: undefined },
    { index: 3, core: { index: 1, of: 2, lateMs: 0 }, lost: undefined },
  ]);
});

test('the first segment tells who was lost', () => {
  const [first] = withCores([part({ index: 0 })], 2, ['core 2 of 2 hung']);
  expect(first?.lost).toEqual(['core 2 of 2 hung']);
});

const servers: readonly { what: string; theirs: Partial<SegmentData>; more?: Partial<RunPlan>; lost: number }[] = [
  { what: 'the same server', theirs: { target: target('http://a.test') }, lost: 0 },
  { what: 'nothing', theirs: {}, lost: 0 },
  { what: 'another server', theirs: { target: target('http://b.test') }, lost: 1 },
  {
    what: 'another server by wish',
    theirs: { target: target('http://b.test') },
    more: { servers: 'per-shard' },
    lost: 0,
  },
];
for (const { what, theirs, more = {}, lost } of servers) {
  test(`a core that loaded ${what} ${lost === 0 ? 'belongs to the run' : 'makes it incomplete'}`, () => {
    const own = part({ index: 0, target: target('http://a.test') }, 0, more);
    const [first] = withCores([own, part({ index: 1, ...theirs }, 0, more)], 2, []);
    expect(first?.lost ?? []).toHaveLength(lost);
  });
}

const starts = [
  { lateMs: 50, durationMs: 60, lost: [] }, // one start
  { lateMs: 100, durationMs: 1_000, lost: [] },
  {
    lateMs: 101,
    durationMs: 1_000,
    lost: [
      'the cores were together for 89.9 % of the shortest and began 101 ms apart, so the server never had the whole load: something held one of them up when it should have begun, such as other work of the test or of the machine',
    ],
  },
  { lateMs: 5_000, durationMs: 0, lost: [] }, // nothing to do
];
for (const { lateMs, durationMs, lost } of starts) {
  test(`a core that begins ${lateMs} ms late, and lasts ${durationMs} ms, makes the run ${lost.length === 0 ? 'no less whole' : 'incomplete'}`, () => {
    const [first] = withCores([part({ index: 0, durationMs }), part({ index: 1, durationMs }, lateMs)], 2, []);
    expect(first?.lost ?? []).toEqual(lost);
  });
}
