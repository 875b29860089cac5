/** What can be looked at, a finding or a run, and its address in the page. */
import { isBadFinding } from '../../../load/measure/finding.ts';
import type { FindingSummary } from '../../../load/measure/summary.ts';
import { isBad } from '../../../load/verdict/verdict-order.ts';
import type { PageData } from '../page-data.ts';
import type { RunView } from '../run-view.ts';
import { worstFindingFirst, worstFirst } from './order.ts';

export interface Place {
  readonly kind: 'finding' | 'run';
  readonly index: number;
}

export function addressOf({ kind, index }: Place): string {
  return `#${kind}-${index + 1}`;
}

export function isSamePlace(a: Place | undefined, b: Place | undefined): boolean {
  return a?.kind === b?.kind && a?.index === b?.index;
}

export function findingsOf(data: PageData): readonly FindingSummary[] {
  return data.kind === 'report' ? (data.findings ?? []) : [];
}

/** Findings that rest on a run, by their places. */
export function findingsOn(findings: readonly FindingSummary[], run: number): number[] {
  return findings.flatMap(({ runs }, at) => (runs.includes(run) ? [at] : []));
}

/** Runs that are listed under their finding alone: one that is bad has a place of its own as well. */
export function foldedIn(data: PageData): ReadonlySet<number> {
  const folded = findingsOf(data).flatMap(({ folds, runs }) => (folds === true ? runs : []));
  return new Set(folded.filter((at) => !isBadRun(data.runs[at])));
}

function isBadRun(run: RunView | undefined): boolean {
  return run?.state.kind === 'judged' && isBad(run.state.verdict);
}

/** The place in the address, else the one that is looked at, else the first of the list. */
export function selectedPlace(data: PageData, hash: string, current: Place | undefined): Place | undefined {
  const [, kind, number] = /^#(finding|run)-(\d+)$/.exec(hash) ?? [];
  const asked: Place = { kind: kind === 'finding' ? 'finding' : 'run', index: Number(number) - 1 };
  if (number !== undefined && isThere(data, asked)) return asked;
  if (current !== undefined && isThere(data, current)) return current;
  return firstPlace(data);
}

function isThere(data: PageData, { kind, index }: Place): boolean {
  return (kind === 'finding' ? findingsOf(data)[index] : data.runs[index]) !== undefined;
}

/** A run that ended badly comes before findings that did not. */
function firstPlace(data: PageData): Place | undefined {
  const [finding] = worstFindingFirst(findingsOf(data));
  const [run] = worstFirst(data.runs);
  if (finding !== undefined && (isBadFinding(finding.finding) || !isBadRun(run?.run)))
    return { kind: 'finding', index: finding.index };
  return run === undefined ? undefined : { kind: 'run', index: run.index };
}
