import type { Suite, TestCase } from '@playwright/test/reporter';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { sampleTest, type SampleTestParts } from '../../testing/sample-test.ts';
import { isLoadTest, outsideShard, type ShardParts, shareOutTests } from './shard-plan.ts';

const singles = [['a'], ['b'], ['c'], ['d']];
const files = [['a1', 'a2', 'a3', 'a4'], ['b1'], ['c1']];
const cases = [
  { groups: singles, shards: 2, kept: ['ab', 'cd'] },
  { groups: singles, shards: 3, kept: ['a', 'bc', 'd'] },
  { groups: singles, shards: 5, kept: ['a', 'b', '', 'c', 'd'] }, // more shards than tests
  { groups: files, shards: 2, kept: ['a1a2a3a4', 'b1c1'] }, // a group is never torn apart
  { groups: [], shards: 2, kept: ['', ''] }, // nothing but load tests
];
for (const { groups, shards, kept } of cases) {
  test(`${groups.length} groups of ${groups.flat().length} tests on ${shards} shards are kept as ${JSON.stringify(kept)}`, () => {
    const keptBy = (current: number) => {
      const outside = new Set(outsideShard(groups, { current, total: shards }));
      return groups
        .filter((group) => !outside.has(group))
        .flat()
        .join('');
    };
    expect(Array.from({ length: shards }, (_, at) => keptBy(at + 1))).toEqual(kept);
  });
}

const kinds: readonly {
  readonly parts: SampleTestParts;
  readonly loadProjects?: readonly string[];
  readonly load: boolean;
}[] = [
  { parts: {}, load: false },
  { parts: { tags: ['@load'] }, load: true },
  { parts: { tags: ['@slow', '@load-checkout'] }, load: true },
  { parts: { tags: ['@load:checkout'] }, load: true },
  { parts: { tags: ['@loading'] }, load: false },
  { parts: { tags: ['@slow@load'] }, load: false },
  { parts: { metadata: { load: true } }, load: true },
  { parts: { metadata: { load: 'yes' } }, load: false },
  { parts: { metadata: { load: true }, tags: ['@no-load'] }, load: false },
  { parts: { tags: ['@load', '@no-load'] }, load: false },
  { parts: { project: 'stress' }, loadProjects: ['stress'], load: true },
  { parts: { project: 'stress', metadata: { load: true } }, loadProjects: [], load: false }, // the list alone counts
];
for (const { parts, loadProjects, load } of kinds) {
  // Without its `@`, which would make a tag of this test's own.
  test(`${JSON.stringify({ ...parts, loadProjects }).replaceAll('@', '')} is ${load ? 'a' : 'no'} load test`, () => {
    expect(isLoadTest(sampleTest(parts), loadProjects)).toBe(load);
  });
}

test('a test outside of any project is no load test', () => {
  const parent = { project: () => undefined };
  expect(isLoadTest({ ...sampleTest(), parent } as unknown as TestCase, ['load'])).toBe(false);
});

type Mode = 'parallel' | 'serial' | 'default';
interface Block {
  readonly mode?: Mode;
  /** A title, or a describe of more. */
  readonly tests: readonly (string | Block)[];
}

/** A project of one file for each block. */
function projectOf(title: string, files: readonly Block[]) {
  const modes = new Map<unknown, Mode>();
  const tests: TestCase[] = [];
  const grow = (type: Suite['type'], { mode = 'default', tests: inside }: Block, parent: object) => {
    const suite = { type, parent, project: () => ({ name: title, metadata: {} }) };
    modes.set(suite, mode);
    for (const each of inside) {
      if (typeof each !== 'string') grow('describe', each, suite);
      else
        tests.push({ title: each, tags: each.startsWith('L') ? ['@load'] : [], parent: suite } as unknown as TestCase);
    }
  };
  const root = { type: 'project', parent: { type: 'root', parent: undefined } };
  modes.set(root, 'default');
  for (const file of files) grow('file', file, root);
  return { title, modes, tests };
}

const parallel = (...tests: Block['tests']): Block => ({ mode: 'parallel', tests });
const inOrder = (...tests: Block['tests']): Block => ({ tests });
const plans: {
  readonly say: string;
  readonly projects: Readonly<Record<string, readonly Block[]>>;
  readonly about?: readonly {
    readonly name: string;
    readonly dependencies: readonly string[];
    readonly teardown?: string;
  }[];
  readonly of?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly kept: readonly string[];
}[] = [
  { say: 'load tests stay everywhere', projects: { e2e: [parallel('a', 'L', 'b')] }, kept: ['a L', 'L b'] },
  {
    say: 'tests in order stay together',
    projects: { e2e: [inOrder('a', 'b', 'L'), inOrder('c', 'd')] },
    kept: ['a b L', 'L c d'],
  },
  {
    say: 'a describe in order stays together in a file that is parallel',
    projects: { e2e: [parallel('L', 'a', { mode: 'serial', tests: ['b', 'c', 'd'] })] },
    kept: ['L a', 'L b c d'],
  },
  {
    say: 'a parallel describe in a file that is in order stays with its file',
    projects: { e2e: [inOrder('L', 'a', parallel('b', 'c')), inOrder('d', 'e', 'f')] },
    kept: ['L a b c', 'L d e f'],
  },
  {
    say: 'without load tests Playwright shards by itself',
    projects: { e2e: [parallel('a', 'b')] },
    kept: ['own', 'own'],
  },
  {
    say: 'tests that are played once are none that load, and Playwright shards by itself',
    projects: { e2e: [parallel('a', 'L')] },
    env: { LOAD_ONCE: '1' },
    kept: ['own', 'own'],
  },
  { say: 'without shards all run', projects: { e2e: [parallel('a', 'L')] }, of: 0, kept: ['own'] },
  {
    say: 'what others depend on runs everywhere',
    projects: { setup: [parallel('s')], clean: [parallel('t')], e2e: [parallel('a', 'L', 'b')] },
    about: [
      { name: 'setup', dependencies: [], teardown: 'clean' },
      { name: 'e2e', dependencies: ['setup'] },
    ],
    kept: ['s t a L', 's t L b'],
  },
  {
    say: 'what only projects depend on that do not run is shared out',
    projects: { setup: [parallel('s', 'u')], e2e: [parallel('a', 'L', 'b')] },
    about: [{ name: 'other', dependencies: ['setup'] }],
    kept: ['s u L', 'a L b'],
  },
];
for (const { say, projects, about = [], of = 2, env = {}, kept } of plans) {
  test(`${say}: ${kept.join(' | ')}`, () => {
    const made = Object.entries(projects).map(([title, files]) => projectOf(title, files));
    const keptBy = (shard: { current: number; total: number } | null) => {
      const excluded = new Set<TestCase>();
      const sharding = { own: true };
      const testRun = {
        skipSharding: () => (sharding.own = false),
        exclude: (each: TestCase) => excluded.add(each),
        mode: (suite: Suite) => made.map(({ modes }) => modes.get(suite)).find((mode) => mode !== undefined),
      };
      const suite = { suites: made.map(({ title, tests }) => ({ title, allTests: () => tests })) };
      const config = { shard, projects: about };
      shareOutTests({ config, suite, testRun, loadProjects: undefined, env } as unknown as ShardParts);
      if (sharding.own) return excluded.size === 0 ? 'own' : 'torn';
      const all = made.flatMap(({ tests }) => tests);
      return all
        .filter((each) => !excluded.has(each))
        .map(({ title }) => title)
        .join(' ');
    };
    const shards = of === 0 ? [null] : Array.from({ length: of }, (_, at) => ({ current: at + 1, total: of }));
    expect(shards.map(keptBy)).toEqual(kept);
  });
}
