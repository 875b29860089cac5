import { expect } from '@playwright/test';
import type { SegmentData, SegmentTarget } from '../../load/measure/run-data.ts';
import { test } from '../../testing/plain-test.ts';
import { differs, notTogether, serversOf } from './one-load.ts';

const plan = { index: 0, profile: 'any', model: 'open', warmUpMs: 0, whenSaturated: 'warn' } as const;

function segment(index: number, more: Partial<SegmentData> = {}): SegmentData {
  return { runId: 'x', index, of: 2, startedAtEpochMs: 0, durationMs: 10_000, generator: [], pid: 1, ...more };
}

const target = (origins: readonly string[], more: Partial<SegmentTarget> = {}) => ({
  target: { origins, ownServer: false, ...more },
});
const a = target(['http://a']);
const remedy =
  "aim all shards at one server by `BASE_URL`, or say `servers: 'per-shard'` if servers of their own are meant";

const pairs: {
  readonly say: string;
  readonly first?: Partial<SegmentData>;
  readonly other?: Partial<SegmentData>;
  readonly differ?: string;
}[] = [
  { say: 'nothing that names a server' },
  { say: 'the same server', first: a, other: a },
  { say: 'a server in common', first: target(['http://a', 'http://b']), other: target(['http://c', 'http://b']) },
  {
    say: 'two servers',
    first: a,
    other: target(['http://b', 'http://c']),
    differ: `segment 2 loaded \`http://b\`, \`http://c\`, segment 1 \`http://a\`: ${remedy}`,
  },
  {
    say: 'a server, and nothing that names one',
    first: a,
    differ: `segment 2 loaded a server that nothing names, segment 1 \`http://a\`: ${remedy}`,
  },
  {
    say: 'nothing that names a server, and one',
    other: a,
    differ: `segment 2 loaded \`http://a\`, segment 1 a server that nothing names: ${remedy}`,
  },
  {
    say: 'the loopback of two machines',
    first: target(['http://127.0.0.1'], { machine: 'one', ownServer: true }),
    other: target(['http://127.0.0.1'], { machine: 'two' }),
    differ: `segment 2 loaded \`http://127.0.0.1\` of machine two, segment 1 a server of its own, \`http://127.0.0.1\` of machine one: ${remedy}`,
  },
  { say: 'the same plan and commit', first: { planHash: 'p', commit: 'c' }, other: { planHash: 'p', commit: 'c' } },
  {
    say: 'two plans',
    first: { planHash: 'p' },
    other: { planHash: 'q' },
    differ: 'segment 2 ran another plan than segment 1 (hash q, not p): run all shards with the same spec and options',
  },
  {
    say: 'a plan that is known once',
    first: { planHash: 'p' },
    differ:
      'segment 2 ran another plan than segment 1 (hash unknown, not p): run all shards with the same spec and options',
  },
  {
    say: 'a plan that is known the other time',
    other: { planHash: 'q' },
    differ:
      'segment 2 ran another plan than segment 1 (hash q, not unknown): run all shards with the same spec and options',
  },
  {
    say: 'two commits',
    first: { commit: 'c' },
    other: { commit: 'd' },
    differ: 'segment 2 is of commit d, segment 1 of c: check out one commit on all shards',
  },
  {
    say: 'a commit that is known once',
    first: { commit: 'c' },
    differ: 'segment 2 is of commit unknown, segment 1 of c: check out one commit on all shards',
  },
  {
    say: 'a commit that is known the other time',
    other: { commit: 'd' },
    differ: 'segment 2 is of commit d, segment 1 of unknown: check out one commit on all shards',
  },
];
for (const { say, first, other, differ } of pairs) {
  test(`two segments with ${say} ${differ === undefined ? 'are of one load' : `are not: ${differ}`}`, () => {
    expect(differs(segment(0, first), segment(1, other), plan)).toBe(differ);
  });
}

test('servers of their own are fine where they are meant, another plan is not', () => {
  const meant = { ...plan, servers: 'per-shard' } as const;
  expect(differs(segment(0, a), segment(1, target(['http://b'])), meant)).toBeUndefined();
  expect(differs(segment(0, a), segment(1, { planHash: 'q' }), meant)).toContain('another plan');
});

const apart = (share: string, time: string) =>
  `the segments were together for ${share} of the shortest and began ${time} apart, so the server never had the whole load: start all shards at once: name a place where they meet (\`LOAD_MEET\`), or one \`LOAD_START_AT\` (seconds since 1970)`;
const times: {
  readonly spans: readonly (readonly [startedAtEpochMs: number, durationMs: number])[];
  readonly problem?: string;
}[] = [
  { spans: [[0, 10_000]] },
  {
    spans: [
      [0, 10_000],
      [0, 10_000],
    ],
  },
  {
    spans: [
      [0, 10_000],
      [1_000, 10_000],
    ],
  }, // nine tenths are enough
  {
    spans: [
      [1_000, 10_000],
      [0, 10_000],
    ],
  },
  {
    spans: [
      [0, 10_000],
      [1_100, 10_000],
    ],
    problem: apart('89.0 %', '1.10 s'),
  },
  {
    spans: [
      [0, 100_000],
      [50_000, 10_000],
    ],
  }, // of the shortest
  {
    spans: [
      [0, 100_000],
      [91_100, 10_000],
    ],
    problem: apart('89.0 %', '91.1 s'),
  },
  {
    spans: [
      [0, 10_000],
      [20_000, 10_000],
    ],
    problem: apart('0 %', '20.0 s'),
  },
  {
    spans: [
      [0, 10_000],
      [20_000, 0],
    ],
  }, // one that had nothing to do has no time
  {
    spans: [
      [0, 10_000],
      [500, 10_000],
      [2_000, 10_000],
    ],
    problem: apart('80.0 %', '2.00 s'),
  },
  {
    spans: [
      [0, 200],
      [50, 200],
    ],
  }, // one start, as near as processes come to it
  {
    spans: [
      [0, 200],
      [51, 200],
    ],
    problem: apart('74.5 %', '51.0 ms'),
  },
];
for (const { spans, problem } of times) {
  test(`segments ${JSON.stringify(spans)} were ${problem === undefined ? 'together' : 'not together'}`, () => {
    const segments = spans.map(([startedAtEpochMs, durationMs], index) =>
      segment(index, { startedAtEpochMs, durationMs }),
    );
    expect(notTogether(segments)).toBe(problem);
  });
}

const shared = [
  { targets: [], servers: 0 },
  { targets: [a, a, a], servers: 1 },
  { targets: [a, target(['http://b'])], servers: 2 },
  { targets: [a, target(['http://b']), target(['http://b', 'http://a'])], servers: 2 },
  { targets: [{}, {}, a], servers: 2 },
];
for (const { targets, servers } of shared) {
  test(`${JSON.stringify(targets)} are ${servers} servers`, () => {
    expect(serversOf(targets.map((each, index) => segment(index, each)))).toBe(servers);
  });
}
