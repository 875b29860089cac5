/**
 * Sharding for suites with load tests. Playwright gives every test to one shard; a load test must run on all of them,
 * each sending its part of the load. So the reporter takes sharding over: load tests stay everywhere, and all others
 * are divided as Playwright would, in whole groups.
 */
import type { FullConfig, Suite, TestCase } from '@playwright/test/reporter';
import { isPlayedOnce } from '../../load/measure/once-mode.ts';
import { modeOf, type TestRun } from './test-run.ts';

/** A test that is tagged so, for instance `@load` or `@load-checkout`, is a load test wherever it stands. */
const loadTag = /^@load(?:$|[-:])/;
/** And one that is tagged so is none, though it stands in a load project: it puts no load on anything, by wish. */
const noLoadTag = '@no-load';

/** `loadProjects` undefined: projects whose `metadata.load` is true. */
export function isLoadTest(test: TestCase, loadProjects: readonly string[] | undefined): boolean {
  if (test.tags.includes(noLoadTag)) return false;
  if (test.tags.some((tag) => loadTag.test(tag))) return true;
  const project = test.parent.project();
  if (project === undefined) return false;
  return loadProjects?.includes(project.name) ?? project.metadata['load'] === true;
}

export interface ShardParts {
  readonly config: Pick<FullConfig, 'shard' | 'projects'>;
  readonly suite: Suite;
  readonly testRun: TestRun;
  readonly loadProjects: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Keeps all load tests and this shard's part of the others. Does nothing without `--shard` or without load tests: those that
 * are played once are none, and Playwright deals them to its shards.
 */
export function shareOutTests({ config: { shard, projects }, suite, testRun, loadProjects, env }: ShardParts): void {
  const ofEach = setupAndTeardown(projects, suite);
  const tests = suite.suites.flatMap((project) => (ofEach.has(project.title) ? [] : project.allTests()));
  const isShared = (test: TestCase) =>
    isLoadTest(test, loadProjects) && !isPlayedOnce(env, onceOf(test.parent.project()));
  const others = tests.filter((test) => !isShared(test));
  if (shard === null || others.length === tests.length) return;
  testRun.skipSharding();
  const groups = groupedTests(others, testRun);
  for (const group of outsideShard(groups, shard)) for (const test of group) testRun.exclude(test);
}

function onceOf(project: FullConfig['projects'][number] | undefined): unknown {
  return (project?.use as { readonly loadOnce?: unknown } | undefined)?.loadOnce;
}

/** Names of the projects that others in the run depend on: Playwright runs them whole on every shard. */
function setupAndTeardown(projects: FullConfig['projects'], suite: Suite): Set<string> {
  const present = new Set(suite.suites.map(({ title }) => title));
  return new Set(
    projects
      .filter(({ name }) => present.has(name))
      .flatMap(({ dependencies, teardown }) => [...dependencies, ...(teardown === undefined ? [] : [teardown])]),
  );
}

/**
 * Tests that must stay on one machine: those of a file or describe that does not run in parallel share hooks and order.
 */
function groupedTests(tests: readonly TestCase[], testRun: TestRun): TestCase[][] {
  const groups = new Map<Suite | TestCase, TestCase[]>();
  for (const test of tests) {
    const together = suitesAbove(test).find((suite) => modeOf(suite, testRun) !== 'parallel') ?? test;
    const group = groups.get(together);
    if (group === undefined) groups.set(together, [test]);
    else group.push(test);
  }
  return [...groups.values()];
}

/** From the file inwards. */
function suitesAbove(test: TestCase): Suite[] {
  const suites: Suite[] = [];
  for (let suite: Suite | undefined = test.parent; suite !== undefined; suite = suite.parent) {
    if (suite.type === 'file' || suite.type === 'describe') suites.unshift(suite);
  }
  return suites;
}

/** Groups laid on a line, each as long as it has tests, and the line cut into equal parts: each lies where its middle falls. */
export function outsideShard<Test>(
  groups: readonly (readonly Test[])[],
  { current, total }: { readonly current: number; readonly total: number },
): (readonly Test[])[] {
  const length = groups.reduce((sum, group) => sum + group.length, 0);
  let before = 0;
  return groups.filter((group) => {
    const middle = before + group.length / 2;
    before += group.length;
    return Math.floor((middle * total) / length) !== current - 1;
  });
}
