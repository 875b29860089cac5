/** From the pieces of one run to what is reported of it: merged, judged once, named as Playwright names its test. */
import { relative, sep } from 'node:path';
import type { TestCase } from '@playwright/test/reporter';
import type { Judgement } from '../../load/verdict/judge.ts';
import { goodputOfSlos } from '../../load/verdict/goodput-of-slos.ts';
import { runEvents } from '../../load/verdict/events.ts';
import { judgeRun } from '../../load/verdict/judge.ts';
import { steadinessOf } from '../../load/verdict/steadiness.ts';
import { figuresOf, type RunSummary } from '../../load/measure/summary.ts';
import { runIdOf } from '../../load/measure/run-id.ts';
import { putTogether } from '../../load/measure/loads-together.ts';
import { entry, type RunData } from '../../load/measure/run-data.ts';
import { lostGenerators } from '../../load/measure/segment-place.ts';
import { formatRate } from '../../load/measure/units.ts';
import type { CollectedRun } from './collected-run.ts';
import { failedAsMeant } from './meant-to-fail.ts';
import { serversOf } from './one-load.ts';
import { ownersOf } from './owners.ts';
import { type MergedRun, mergeSegments, missingSegments } from './merge-segments.ts';
import type { RunGroup, RunPiece } from './run-group.ts';

export interface ReportContext {
  /** Folder that file names are told from. */
  readonly rootDir: string;
  /** Whether this process is one shard of several, so that missing segments are to be expected. */
  readonly onShard: boolean;
  /** Whether this process merges reports: then nobody else says that a test ended other than expected. */
  readonly isMerge: boolean;
}

const mergedGroups = new WeakMap<RunGroup, MergedRun>();

function mergedOf(group: RunGroup): MergedRun {
  const known = mergedGroups.get(group);
  if (known !== undefined) return known;
  const { first, pieces } = group;
  const merged = mergeSegments(
    pieces.map(({ run }) => run),
    first.planIndex,
  );
  mergedGroups.set(group, merged);
  return merged;
}

/** To be told before the first of them is reported: a limit may be on several loads of a test. */
export function knowEachOther(groups: readonly RunGroup[]): void {
  const byTest = new Map<TestCase, RunGroup[]>();
  for (const group of groups) entry(byTest, group.first.test, () => []).push(group);
  for (const same of byTest.values()) if (same.length > 1) putTogether(same.map((group) => mergedOf(group).data));
}

export function reportGroup(group: RunGroup, { rootDir, onShard, isMerge }: ReportContext): CollectedRun {
  const { first, pieces } = group;
  const merged = mergedOf(group);
  const missing = missingSegments(merged);
  const interrupted = pieces.some(({ result }) => result.status === 'interrupted');
  const problems = [
    ...merged.problems,
    ...lostGenerators(merged.data),
    ...(missing === undefined ? [] : [onShard ? `${missing}: the merge of all shards judges the run` : missing]),
    ...(interrupted ? ['the run was interrupted before its end'] : []),
  ];
  const judgement = judged(merged.data, problems);
  return {
    group,
    judgement,
    data: merged.data,
    summary: summaryOfPiece(first, {
      data: merged.data,
      judgement,
      rootDir,
      expectedToFail: pieces.every(failedAsMeant) && !(isMerge && problems.length > 0),
    }),
    segments: { expected: merged.expected, present: merged.present },
    awaitsMerge: onShard && missing !== undefined && problems.length === 1,
  };
}

/** What is amiss with the segments outweighs any threshold; a judge that throws has lost a result, and says so. */
function judged(data: RunData, problems: readonly string[]): Judgement {
  try {
    const judgement = judgeRun(data);
    return problems.length === 0 ? judgement : { ...judgement, verdict: 'incomplete', reason: problems.join('; ') };
  } catch (error) {
    const reason = `the run could not be judged: ${error instanceof Error ? error.message : String(error)}`;
    return {
      verdict: 'incomplete',
      reason: [...problems, reason].join('; '),
      thresholds: [],
      generator: { verdict: 'unjudged', reason: 'nothing was judged' },
    };
  }
}

interface NamingParts {
  readonly data: RunData;
  readonly judgement: Judgement;
  readonly rootDir: string;
  /** Whether its test is marked `test.fail()` and failed as meant. */
  readonly expectedToFail: boolean;
}

/** How a run is named and what was measured of it. */
export function summaryOfPiece(
  { test, result }: RunPiece,
  { data, judgement, rootDir, expectedToFail }: NamingParts,
): RunSummary {
  const figures = figuresOf(data);
  const [steadiness, slos] = [steadinessOf(data), goodputOfSlos(data)];
  const [, project = ''] = test.titlePath();
  const title = [...titlesOf(test), ...(data.plan.name === undefined ? [] : [data.plan.name])];
  const events = runEvents(data, judgement);
  const owners = ownersOf(test);
  return {
    id: runIdOf({ project, title }),
    title,
    file: relative(rootDir, test.location.file).split(sep).join('/'),
    line: test.location.line,
    project,
    tags: test.tags,
    ...figures,
    ...(data.plan.servers === 'per-shard' && { profile: perServer(figures, data) }),
    startedAt: data.segments.length === 0 ? result.startTime.toISOString() : figures.startedAt,
    verdict: judgement.verdict,
    reason: judgement.reason,
    ...(expectedToFail && { expectedToFail }),
    thresholds: judgement.thresholds.map(({ metric, scope, expected, actual, verdict, at, implied, culprit }) => ({
      metric,
      scope,
      expected,
      ...(actual !== undefined && { actual }),
      verdict,
      ...(at !== undefined && { at }),
      ...(implied === true && { implied }),
      ...(culprit !== undefined && { culprit }),
    })),
    generator: judgement.generator,
    ...(events.length > 0 && { events }),
    ...(owners.length > 0 && { owners }),
    ...(steadiness !== undefined && { steadiness }),
    ...(slos.length > 0 && { slos }),
  };
}

export function titlesOf(test: TestCase): string[] {
  const [, , ...titles] = test.titlePath();
  return test.repeatEachIndex === 0 ? titles : [...titles, `repetition ${test.repeatEachIndex + 1}`];
}

/** `child.spec.ts › health`, as Playwright prints a test. */
export function nameOfTest(test: TestCase): string {
  return titlesOf(test).join(' › ');
}

/** `200/s for 30s, on 2 servers, 100/s each`: of arrivals what was planned, as the profile is, else what came of it. */
function perServer(figures: ReturnType<typeof figuresOf>, { segments, plan }: RunData): string {
  const { profile, requests, throughputPerSec } = figures;
  const servers = serversOf(segments);
  const arrivals = plan.model === 'open' && plan.plannedMs !== undefined;
  const perSec = arrivals ? (requests.scheduled * 1_000) / plan.plannedMs : throughputPerSec;
  const each = perSec === undefined ? '' : `, ${formatRate(perSec / servers)} each`;
  return `${profile}, on ${servers} server${servers === 1 ? '' : 's'}${each}`;
}
