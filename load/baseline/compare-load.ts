/** One run held against the baseline of its load, or why that tells nothing. */
import { type BaselineComparison, compareWithBaseline } from '../analysis/baseline.ts';
import { baselineEnvironment, type BaselineKey, type BaselineRun, baselineRunOf, runsOf } from '../measure/baseline.ts';
import type { RunData } from '../measure/run-data.ts';
import { earlyStopOf } from '../measure/stop-reason.ts';
import { unreachable } from '../unreachable.ts';
import { judgeRun } from '../verdict/judge.ts';
import { recordedBaseline } from './recorded-baseline.ts';

export type ComparedLoad =
  /** Nobody keeps baselines here: there is nothing to say. */
  | { readonly kind: 'unused' }
  /** `words`: why, and what to do. */
  | { readonly kind: 'undecided'; readonly words: string }
  | Compared;

export interface Compared {
  readonly kind: 'compared';
  /** Accepted runs in the same environment, oldest first. */
  readonly past: readonly BaselineRun[];
  readonly now: BaselineRun;
  readonly comparison: BaselineComparison;
  readonly environment: string;
}

export async function compareLoad(configDir: string, load: BaselineKey, data: RunData): Promise<ComparedLoad> {
  const recorded = await recordedBaseline(configDir, load);
  switch (recorded.kind) {
    case 'unused':
      return recorded;
    case 'missing':
      return undecided('this load has no baseline yet: `LOAD_BASELINE=update` records one');
    case 'unreadable':
      return undecided(`${recorded.words}. Mend it, or delete it and record a new one with \`LOAD_BASELINE=update\``);
    case 'recorded': {
      const why = whyIncomparable(data);
      if (why !== undefined) return undecided(why);
      const environment = baselineEnvironment(data);
      return compared(runsOf(recorded.baseline, environment), data, environment);
    }
    default:
      return unreachable(recorded);
  }
}

function compared(past: readonly BaselineRun[], data: RunData, environment: string): ComparedLoad {
  const now = baselineRunOf(data);
  if (now === undefined) return undecided('no request came to an end');
  const comparison = compareWithBaseline(past, now);
  if (comparison === undefined)
    return undecided(
      `nothing was recorded in this environment (${environment}), and runs of others tell nothing of it: \`LOAD_BASELINE=update\` records it beside them`,
    );
  return { kind: 'compared', past, now, comparison, environment };
}

/**
 * Why an excess is none: the accepted runs called other servers than this one did. Undefined where one of them is the same,
 * or where nothing tells, as on this machine.
 */
export function otherServers({ past, now }: Pick<Compared, 'past' | 'now'>): string | undefined {
  const [known, called] = [new Set(past.flatMap(({ servers = [] }) => servers)), now.servers ?? []];
  if (known.size === 0 || called.length === 0 || called.some((server) => known.has(server))) return undefined;
  return `its baseline was measured at ${[...known].join(', ')}, and this run at ${called.join(', ')}`;
}

function undecided(words: string): ComparedLoad {
  return { kind: 'undecided', words };
}

/** What takes the sense from the numbers before any limit does. */
function whyIncomparable(data: RunData): string | undefined {
  const { verdict, reason, generator } = judgeRun(data);
  if (verdict === 'invalid' || verdict === 'incomplete') return `the run is ${verdict}: ${reason}`;
  if (generator.verdict === 'saturated' && data.plan.whenSaturated === 'invalid')
    return `the load generator was the bottleneck: ${generator.reason}`;
  const stopped = earlyStopOf(data.segments);
  return stopped === undefined ? undefined : `the run was stopped early: ${stopped}`;
}
