/** The runs of which snapshots came, each merged over its generators, as the live page shows them. */
import { addRunData, emptyRunData, type RunData } from '../../../load/measure/run-data.ts';
import { applySnapshot, type LiveSnapshot } from '../../../load/measure/snapshot.ts';
import { distinctIds, runIdOf } from '../../../load/measure/run-id.ts';
import { type RunView, viewOfRunning } from '../run-view.ts';

/** Runs shown at most, the newest: a suite of thousands is no reason to grow. */
export const maxLiveRuns = 20;

interface LiveRun {
  readonly test: LiveSnapshot['test'];
  /** By generator. */
  readonly shares: Map<string, RunData>;
  /** Worked out anew only after a snapshot came. */
  view: RunView | undefined;
}

export class LiveRuns {
  readonly #runs = new Map<string, LiveRun>();

  /** Throws `TypeError` for what is no snapshot. */
  apply(snapshot: LiveSnapshot): void {
    const { test, plan } = snapshot;
    const key = JSON.stringify([test.project, test.title, plan.index, plan.name ?? '']);
    const run = this.#runs.get(key) ?? { test, shares: new Map<string, RunData>(), view: undefined };
    applySnapshot(run.shares, snapshot);
    run.view = undefined;
    this.#runs.delete(key);
    this.#runs.set(key, run);
    for (const oldest of this.#runs.keys()) {
      if (this.#runs.size <= maxLiveRuns) break;
      this.#runs.delete(oldest);
    }
  }

  /** Those that were heard of last come last. */
  views(): RunView[] {
    const views = [...this.#runs.values()].map((run) => (run.view ??= viewOf(merged(run.shares), run.test)));
    return distinctIds(views);
  }
}

/** Named as the report will name it, so that an address of the live page holds there too. */
function viewOf(data: RunData, { title, project }: LiveSnapshot['test']): RunView {
  const { name } = data.plan;
  const whole = name === undefined ? title : [...title, name];
  return viewOfRunning(data, { id: runIdOf({ project, title: whole }), title: whole, project });
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
