/**
 * One run in the table of all runs, in words and figures: the same on the page and in the markup that stands there
 * without a script.
 */
import { verdictGlyphs } from '../../load/verdict/verdict-order.ts';
import type { PageData } from './page-data.ts';
import { change, rate } from './page/figures.ts';
import { listed, type ListedRun, type Stand, standOf } from './page/order.ts';
import type { RunView } from './run-view.ts';

export interface OverviewRow extends ListedRun {
  readonly stand: Stand;
  /** The limits that its author wrote, in short. */
  readonly limits: readonly string[];
  /** Told where it is news: what passed needs no reason. */
  readonly reason?: string;
  /** Of its p95, as a share: against the report that it is held against, else against its recorded baseline. */
  readonly changed?: number;
}

export function overviewRows(data: PageData): OverviewRow[] {
  return listed(data.runs, data.kind).map(({ run, index, rank }) => {
    const changed = changeOf(run, index, data);
    const stand = standOf(run);
    return {
      run,
      index,
      stand,
      rank,
      limits: limitsOf(run),
      ...(run.state.kind === 'judged' && stand !== 'passed' && { reason: run.state.reason }),
      ...(changed !== undefined && { changed }),
    };
  });
}

/** `✗ failed`. */
export function standWords(stand: Stand): string {
  return `${glyphOf(stand)} ${stand}`;
}

export function glyphOf(stand: Stand): string {
  return stand === 'running' ? '▸' : verdictGlyphs[stand];
}

/** `p95 < 50ms (acceptable < 200ms)`, `successRate of GET /mid > 99%`. */
function limitsOf({ thresholds }: RunView): string[] {
  return thresholds
    .filter(({ implied }) => implied !== true)
    .map(({ metric, scope, expected }) => `${metric}${scope === 'run' ? '' : ` of ${scope}`} ${expected}`);
}

/** As many limits as a cell carries, of each what was aimed at, and how many more there are. */
export function limitsInShort(limits: readonly string[], most = 2): string[] {
  const more = limits.length - most;
  const shown = limits.slice(0, most).map((limit) => limit.replace(/ \(acceptable .*\)$/, ''));
  return [...shown, ...(more > 0 ? [`${more} more`] : [])];
}

export function changeWords(changed: number | undefined): string {
  return changed === undefined ? '' : (change(1 + changed, 1) ?? '');
}

/** `20.0 streams/s` of a run whose requests are streams alone, else `20.0/s`. */
export function rateWords({ throughputPerSec, endpoints }: RunView): string {
  const called = endpoints.filter(({ requests }) => requests.started > 0);
  const areStreams = called.length > 0 && called.every(({ stream }) => stream !== undefined);
  return areStreams ? rate(throughputPerSec).replace(/\/s$/, ' streams/s') : rate(throughputPerSec);
}

function changeOf(run: RunView, index: number, data: PageData): number | undefined {
  const [now, before] = [run.latency.p95, run.baseline?.latency.p95];
  if (now !== undefined && before !== undefined && before > 0) return now / before - 1;
  const findings = data.kind === 'report' ? (data.findings ?? []) : [];
  const finding = findings.find(({ kind, runs }) => kind === 'baseline' && runs.includes(index));
  const percent = finding?.figures['changePercent'];
  return typeof percent === 'number' ? percent / 100 : undefined;
}
