import { expect } from '@playwright/test';
import fc from 'fast-check';
import { encodeRun, openRun } from '../../load/measure/payload.ts';
import { figuresOf } from '../../load/measure/summary.ts';
import { seen } from '../../testing/any-run-data.ts';
import { expectSame } from '../../testing/expect-same.ts';
import type { RunData } from '../../load/measure/run-data.ts';
import { test } from '../../testing/plain-test.ts';
import { recordRun, type SampleParts } from '../../testing/recorded-run.ts';
import { attachedRun } from '../../testing/sample-test.ts';
import type { AttachedRun } from './attached-run.ts';
import { mergeSegments, missingSegments } from './merge-segments.ts';

function piece(index: number, of: number, more: SampleParts = {}): AttachedRun {
  return attachedRun(recordRun({ ...more, segment: { index, of, ...more.segment } }));
}
const unreadable: AttachedRun = { kind: 'unreadable', reason: 'it names no segment' };

const cases: {
  readonly what: string;
  readonly pieces: readonly AttachedRun[];
  readonly present: readonly number[];
  readonly expected?: number;
  readonly ok: number;
  readonly problems?: readonly string[];
}[] = [
  { what: 'one whole run', pieces: [piece(0, 1)], present: [1], expected: 1, ok: 100 },
  { what: 'two halves', pieces: [piece(0, 2), piece(1, 2)], present: [1, 2], ok: 200 },
  { what: 'two halves in the wrong order', pieces: [piece(1, 2), piece(0, 2)], present: [1, 2], ok: 200 },
  { what: 'one half', pieces: [piece(1, 2)], present: [2], ok: 100 },
  {
    what: 'the same half twice',
    pieces: [piece(0, 2), piece(0, 2), piece(1, 2)],
    present: [1, 2],
    ok: 200,
    problems: ['segment 1 is there twice'],
  },
  {
    what: 'a half of another run',
    pieces: [piece(0, 2), piece(1, 2, { segment: { runId: 'yesterday' } })],
    present: [1],
    ok: 100,
    problems: ['segment 2 is of another run: its id is `yesterday`, not `sample`'],
  },
  {
    what: 'a half and a third',
    pieces: [piece(0, 2), piece(1, 3)],
    present: [1],
    ok: 100,
    problems: ['segment 2 is one of 3, others are of 2: run all shards with as many `cores`'],
  },
  {
    what: 'halves of two profiles',
    pieces: [piece(0, 2), piece(1, 2, { plan: { profile: '5 users for 4s' } })],
    present: [1],
    ok: 100,
    problems: ['segment 2 ran `5 users for 4s`, others `100 iterations by 20 users`'],
  },
  {
    what: 'halves that a server of each had',
    pieces: [
      piece(0, 2, { segment: { target: { origins: ['http://127.0.0.1:1'], ownServer: true, machine: 'a' } } }),
      piece(1, 2, { segment: { target: { origins: ['http://127.0.0.1:1'], ownServer: true, machine: 'b' } } }),
    ],
    present: [1],
    ok: 100,
    problems: [expect.stringContaining("or say `servers: 'per-shard'`") as unknown as string],
  },
  {
    what: 'halves on servers of their own, by wish',
    pieces: [0, 1].map((n) =>
      piece(n, 2, {
        plan: { servers: 'per-shard' },
        segment: { target: { origins: [`http://h${n}`], ownServer: false } },
      }),
    ),
    present: [1, 2],
    ok: 200,
  },
  {
    what: 'halves of two specs',
    pieces: [piece(0, 2, { segment: { planHash: 'a' } }), piece(1, 2, { segment: { planHash: 'b' } })],
    present: [1],
    ok: 100,
    problems: [expect.stringContaining('ran another plan') as unknown as string],
  },
  {
    what: 'halves of two commits',
    pieces: [piece(0, 2, { segment: { commit: 'a' } }), piece(1, 2, { segment: { commit: 'b' } })],
    present: [1],
    ok: 100,
    problems: ['segment 2 is of commit b, segment 1 of a: check out one commit on all shards'],
  },
  {
    what: 'halves that began 9 s apart',
    pieces: [piece(0, 2), piece(1, 2, { segment: { startedAtEpochMs: Date.UTC(2026, 0, 1) + 9_000 } })],
    present: [1, 2],
    ok: 200,
    problems: [expect.stringContaining('began 9.00 s apart') as unknown as string],
  },
  {
    what: 'a half and something unreadable',
    pieces: [piece(0, 2), unreadable],
    present: [1],
    ok: 100,
    problems: ["a segment's results could not be read: it names no segment"],
  },
  {
    what: 'nothing readable',
    pieces: [unreadable],
    present: [],
    expected: 1,
    ok: 0,
    problems: ["a segment's results could not be read: it names no segment"],
  },
];
for (const { what, pieces, present, expected = 2, ok, problems = [] } of cases) {
  test(`${what} merges into segments ${JSON.stringify(present)} of ${expected}`, () => {
    const merged = mergeSegments(pieces, 0);
    expect({ ...merged, data: merged.data.counts.ok }).toEqual({ data: ok, expected, present, problems });
  });
}

test('a merge is the run that one generator would have recorded', () => {
  const requests = Array.from({ length: 40 }, (_, n) => ({
    path: `/${n % 3 === 0 ? 'a' : 'b'}`,
    ms: 1 + ((n * 7) % 31),
    atMs: n * 50,
  }));
  const part = (index: number) => piece(index, 2, { requests: requests.filter((_, n) => n % 2 === index) });
  const merged = mergeSegments([part(0), part(1)], 0).data;
  expect(latencies(merged)).toEqual(latencies(recordRun({ requests })));
});

function latencies(run: RunData) {
  return [...run.endpoints]
    .map(([name, { service, counts }]) => ({ name, counts, stats: service.stats() }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

const missing = [
  { expected: 1, present: [1], words: undefined },
  { expected: 2, present: [2], words: 'segment 1 of 2 is missing' },
  { expected: 4, present: [2], words: 'segments 1, 3, 4 of 4 are missing' },
];
for (const { expected, present, words } of missing) {
  test(`of ${expected} with ${present.join()} there: ${words ?? 'nothing is missing'}`, () => {
    expect(missingSegments({ expected, present })).toBe(words);
  });
}

const beganAt = Date.UTC(2026, 0, 1);
const later = [
  { laterMs: 0, seconds: [0, 0] },
  { laterMs: 600, seconds: [0, 1] }, // half a second and more is the next one
  { laterMs: 3_000, seconds: [0, 3] },
  { laterMs: -2_000, seconds: [2, 0] }, // the second segment began first
  { laterMs: 3_600_000, seconds: [0, 3_600] },
  { laterMs: 3_600_001, seconds: [0, 0] }, // an hour apart there is no axis that shows both
];
for (const { laterMs, seconds } of later) {
  test(`segments that began ${laterMs} ms apart lie at seconds ${seconds.join(' and ')}`, () => {
    const part = (index: number) =>
      piece(index, 2, {
        segment: { index, of: 2, startedAtEpochMs: beganAt + index * laterMs },
        requests: [{ path: `/${'ab'.charAt(index)}`, ms: 1 }],
      });
    const { endpoints } = mergeSegments([part(0), part(1)], 0).data;
    expect(['a', 'b'].map((name) => [...(endpoints.get(`GET /${name}`)?.windows.keys() ?? [])])).toEqual(
      seconds.map((each) => [each]),
    );
  });
}

test('of three segments the third may be there twice, and is named', () => {
  const merged = mergeSegments([piece(0, 3), piece(1, 3), piece(2, 3), piece(2, 3)], 0);
  expect({ present: merged.present, problems: merged.problems }).toEqual({
    present: [1, 2, 3],
    problems: ['segment 3 is there twice'],
  });
});

test('a metric that is of two kinds in two segments is a problem, and nothing of the second is in the sum', () => {
  const part = (index: number) => {
    const run = recordRun({ segment: { index, of: 2 } });
    if (index === 0) run.metrics.count('sold', 1);
    else run.metrics.rate('sold', true);
    return attachedRun(run);
  };
  const { data, present, problems } = mergeSegments([part(0), part(1)], 0);
  expect({ ok: data.counts.ok, present, problems }).toEqual({
    ok: 100,
    present: [1],
    problems: ['a segment could not be added: metric `sold` is a counter in one segment and a rate in another'],
  });
});

test('a run of which nothing could be read keeps its place in the test', () => {
  expect(mergeSegments([unreadable], 3).data.plan).toEqual({
    index: 3,
    profile: 'unknown',
    model: 'closed',
    warmUpMs: 0,
    whenSaturated: 'warn',
  });
});

const damages = [
  { what: 'windows', of: { windows: 'AAAA' } },
  { what: 'an endpoint', of: { endpoints: [{ ...encodeRun(recordRun()).endpoints[0], windows: 'AAAA' }] } },
  { what: 'lag', of: { lag: { hdr: 'AAAA', count: 1, sumUs: 1, sumSquaresUs: 1, minUs: 1, maxUs: 1 } } },
];
for (const { what, of } of damages) {
  test(`of a segment whose ${what} cannot be read nothing is in the sum`, () => {
    const whole = recordRun({ segment: { index: 1, of: 2 } });
    const damaged = { ...encodeRun(whole), ...of } as ReturnType<typeof encodeRun>;
    const { plan, segments } = whole;
    const second: AttachedRun = { kind: 'run', plan, segments, open: () => openRun(damaged) };
    const { data, present, problems } = mergeSegments([piece(0, 2), second], 0);
    expect({ ok: data.counts.ok, windows: data.windows.size, present, problems }).toEqual({
      ok: 100,
      windows: 11, // the last answer comes in the eleventh
      present: [1],
      problems: [expect.stringContaining("a segment's results could not be read: ")],
    });
  });
}

/** Of every kind there is: some belong together, and some do not. */
const strangers: readonly AttachedRun[] = [
  ...[0, 1, 2].map((index) =>
    piece(index, 4, {
      requests: [3, 1, 2].map((n) => ({ path: `/${'abc'.charAt((n + index) % 3)}`, ms: n + index / 3, atMs: n * 700 })),
      segment: { startedAtEpochMs: beganAt + index * 300, generator: [{ second: 0, elu: index / 4 }] },
    }),
  ),
  piece(1, 4, { segment: { startedAtEpochMs: beganAt + 17 } }),
  piece(3, 4, { segment: { runId: 'yesterday' } }),
  piece(3, 4, {
    requests: [
      { path: '/a', ms: 4, status: undefined },
      { path: '/d', ms: 4, status: 500 },
    ],
  }),
  unreadable,
  { kind: 'unreadable', reason: 'it is cut off' },
];
test('segments merge to the same run, problems and all, in whatever order they come', () => {
  const told = (pieces: readonly AttachedRun[]) => {
    const { data, ...rest } = mergeSegments(pieces, 0);
    return {
      ...rest,
      endpoints: [...data.endpoints.keys()],
      data: seen(data),
      figures: figuresOf(data),
      sent: encodeRun(data),
    };
  };
  const inOrder = told(strangers);
  const shuffled = fc.shuffledSubarray([...strangers], { minLength: strangers.length });
  fc.assert(
    fc.property(shuffled, (pieces) => expectSame(told(pieces), inOrder)),
    { numRuns: 50 },
  );
});
