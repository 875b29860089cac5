/**
 * The runs of which snapshots came, each merged over its generators, as the live page shows them: in the order in which
 * they began, so that none moves under the reader's eyes, and each until it is known how it ended.
 */
import { addRunData, emptyRunData, type RunData } from '../../../load/measure/run-data.ts';
import { distinctIds, runIdOf } from '../../../load/measure/run-id.ts';
import { applySnapshot, type LiveSnapshot } from '../../../load/measure/snapshot.ts';
import type { RunSummary, ThresholdSummary } from '../../../load/measure/summary.ts';
import type { ReportedRun } from '../../reported-run.ts';
import { runningCharts, type RunView, viewOfRun, viewOfRunning } from '../run-view.ts';
import type { ChartData } from '../chart-data/chart-data.ts';
import { limitsSoFar } from './limits-so-far.ts';
import { restMs } from './rest.ts';

/** Runs shown at most, those that began last: a suite of thousands is no reason to grow. */
export const maxLiveRuns = 20;

/** A test, as both its worker and the reporter name it. */
export interface LiveTest {
  readonly project: string;
  readonly title: readonly string[];
}

interface LiveRun extends LiveTest {
  /** Its titles; those of the run may go on with a name of its own. */
  readonly test: LiveTest;
  /** As the report will name it, so that an address of the live page holds there too. */
  readonly id: string;
  /** By generator; those of a run that has ended are not needed. */
  readonly shares: Map<string, RunData>;
  /** Worked out anew only after a snapshot came. */
  view: RunView | undefined;
  charts: { readonly data: ChartData; readonly againAtMs: number } | undefined;
  isOver: boolean;
}

/** Share of the time that goes into the charts of one run, which cost most of all. */
const chartShare = 0.001;

export class LiveRuns {
  readonly #runs = new Map<string, LiveRun>();
  readonly #limitsOf: (id: string) => readonly ThresholdSummary[];

  /** `limitsOf`: the limits that a run had the last time, which its test names only when it has ended. */
  constructor(limitsOf: (id: string) => readonly ThresholdSummary[] = () => []) {
    this.#limitsOf = limitsOf;
  }

  /** Throws `TypeError` for what is no snapshot. */
  apply(snapshot: LiveSnapshot): void {
    const { test, plan } = snapshot;
    const title = [...test.title, ...(plan.name === undefined ? [] : [plan.name])];
    const key = JSON.stringify([test.project, test.title, plan.name, plan.index]);
    const known = this.#runs.get(key);
    if (known?.isOver === true) return; // one that was late: the whole is known already
    const run = known ?? begun({ project: test.project, title }, test);
    applySnapshot(run.shares, snapshot);
    run.view = undefined;
    this.#runs.set(key, run);
    this.#makeRoom();
  }

  /** What came of the runs of a test, judged; those that it had begun and brought to no end are incomplete, and why. */
  testEnded(test: LiveTest, brought: readonly ReportedRun[], why: string): void {
    const open = [...this.#runs.values()].filter((run) => !run.isOver && isSame(run.test, test));
    for (const reported of brought) {
      const at = open.findIndex(({ id }) => id === firstOf(reported.summary.id));
      const [run] = at === -1 ? [] : open.splice(at, 1);
      if (run !== undefined) end(run, { ...viewOfRun(reported), id: run.id });
    }
    for (const run of open) {
      end(run, { ...this.#viewOf(run), state: { kind: 'judged', verdict: 'incomplete', reason: why } });
    }
  }

  /** In the order in which they began. */
  views(): RunView[] {
    return distinctIds([...this.#runs.values()].map((run) => this.#viewOf(run)));
  }

  #viewOf(run: LiveRun): RunView {
    if (run.view === undefined) {
      const data = merged(run.shares);
      run.view = { ...viewOfRunning(data, run, chartsOf(run, data)), soFar: limitsSoFar(data, this.#limitsOf(run.id)) };
    }
    return run.view;
  }

  #makeRoom(): void {
    if (this.#runs.size <= maxLiveRuns) return;
    const [oldest] = [...this.#runs].filter(([, { isOver }]) => isOver).concat([...this.#runs]);
    if (oldest !== undefined) this.#runs.delete(oldest[0]);
  }
}

function begun(named: LiveTest, test: LiveTest): LiveRun {
  return { id: runIdOf(named), ...named, test, shares: new Map(), view: undefined, charts: undefined, isOver: false };
}

/** Those of a while ago, as long as new ones would take more than their share of the time. */
function chartsOf(run: LiveRun, data: RunData): ChartData {
  const beganAtMs = performance.now();
  if (run.charts !== undefined && beganAtMs < run.charts.againAtMs) return run.charts.data;
  const charts = runningCharts(data);
  const endedAtMs = performance.now();
  run.charts = { data: charts, againAtMs: endedAtMs + restMs(endedAtMs - beganAtMs, { share: chartShare }) };
  return charts;
}

function end(run: LiveRun, view: RunView): void {
  run.view = view;
  run.isOver = true;
  run.shares.clear();
}

/** Without the number that tells runs of one name apart. */
function firstOf(id: RunSummary['id']): string {
  return id.replace(/-\d+$/, '');
}

function isSame(a: LiveTest, b: LiveTest): boolean {
  return a.project === b.project && JSON.stringify(a.title) === JSON.stringify(b.title);
}

/** All generators of one run together; nothing of theirs is changed. */
function merged(shares: ReadonlyMap<string, RunData>): RunData {
  const [first, ...rest] = shares.values();
  if (first === undefined) throw new Error('a live run has at least one share');
  if (rest.length === 0) return first;
  const all = emptyRunData(first.plan);
  for (const share of [first, ...rest]) addRunData(all, share);
  return all;
}
