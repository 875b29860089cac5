/**
 * Which attachments are one run. Merged blob reports show the same test once per shard with different ids, so a run is
 * known by project, file, titles and its place in the test, and by nothing else.
 */
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { entry } from '../../load/measure/run-data.ts';
import { type AttachedRun, attachedRuns, bySegment, carriesRun } from './attached-run.ts';

/** One attachment and the test attempt that it came with. */
export interface RunPiece {
  readonly test: TestCase;
  readonly result: TestResult;
  readonly planIndex: number;
  readonly run: AttachedRun;
}

/** The pieces of one run, at least one, by segments. */
export interface RunGroup {
  readonly first: RunPiece;
  readonly pieces: readonly RunPiece[];
}

/** Of a retried test the last attempt that carries a run counts: one that was refused measured nothing. */
export class AttemptLog {
  readonly #last = new Map<TestCase, TestResult>();

  add(test: TestCase, result: TestResult): void {
    const known = this.#last.get(test);
    if (known === undefined || carriesRun(result.attachments)) this.#last.set(test, result);
  }

  /** Whether no test has ended. */
  get empty(): boolean {
    return this.#last.size === 0;
  }

  /** The attempt of each test that counts. */
  attempts(): [test: TestCase, result: TestResult][] {
    return [...this.#last];
  }

  /** Groups in the order in which their first piece ended. */
  groups(): RunGroup[] {
    return groupPieces([...this.#last].flatMap(([test, result]) => piecesOf(test, result)));
  }
}

function piecesOf(test: TestCase, result: TestResult): RunPiece[] {
  return attachedRuns(result.attachments).map((run, at) => ({
    test,
    result,
    planIndex: run.kind === 'run' ? run.plan.index : at,
    run,
  }));
}

function groupPieces(pieces: readonly RunPiece[]): RunGroup[] {
  return groupBy(pieces, keyOf).flatMap((same) => runsOf(same).flatMap(groupOf));
}

/** A load that was played once is whole wherever it was played, also where its test came to every shard. */
function runsOf(same: readonly RunPiece[]): (readonly RunPiece[])[] {
  if (same.every(({ run }) => run.kind === 'run' && run.plan.once === true)) return same.map((piece) => [piece]);
  return isRepeated(same) ? groupBy(same, ({ test }) => test.repeatEachIndex) : [same];
}

function groupBy(pieces: readonly RunPiece[], key: (piece: RunPiece) => string | number): RunPiece[][] {
  const groups = new Map<string | number, RunPiece[]>();
  for (const piece of pieces) entry(groups, key(piece), () => []).push(piece);
  return [...groups.values()];
}

function groupOf(pieces: readonly RunPiece[]): RunGroup[] {
  const inOrder = pieces.toSorted((a, b) => bySegment(a.run, b.run));
  const [first] = inOrder;
  return first === undefined ? [] : [{ first, pieces: inOrder }];
}

function keyOf({ test, planIndex }: RunPiece): string {
  return JSON.stringify([test.titlePath(), planIndex]);
}

/**
 * Repetitions (`--repeat-each`) that carry the same segment are runs of their own; those that carry different ones are
 * slices of a single run.
 */
function isRepeated(pieces: readonly RunPiece[]): boolean {
  const repeatOf = new Map<number, number>();
  return pieces.some(({ test, run }) => {
    const segment = run.kind === 'run' ? run.segments[0]?.index : undefined;
    if (segment === undefined) return false;
    const known = repeatOf.get(segment);
    repeatOf.set(segment, test.repeatEachIndex);
    return known !== undefined && known !== test.repeatEachIndex;
  });
}
