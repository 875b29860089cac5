/** What of the data an address leads to, and which runs are listed where. */
import type { FindingSummary } from '../../../load/measure/summary.ts';
import { isBad } from '../../../load/verdict/verdict-order.ts';
import type { PageData } from '../page-data.ts';
import type { RunView } from '../run-view.ts';
import { isSamePlace, type Place } from './address.ts';

export function findingsOf(data: PageData): readonly FindingSummary[] {
  return data.kind === 'report' ? (data.findings ?? []) : [];
}

/** Findings that rest on a run. */
export function findingsOn(data: PageData, run: RunView): FindingSummary[] {
  return findingsOf(data).filter(({ runs }) => runs.some((at) => data.runs[at] === run));
}

/** Runs that are listed under their finding alone: one that is bad has a place of its own as well. */
export function foldedIn(data: PageData): ReadonlySet<number> {
  const folded = findingsOf(data).flatMap(({ folds, runs }) => (folds === true ? runs : []));
  return new Set(folded.filter((at) => !isBadRun(data.runs[at])));
}

function isBadRun(run: RunView | undefined): boolean {
  return run?.state.kind === 'judged' && isBad(run.state.verdict);
}

/** Runs that called an endpoint, each with its place among all. */
export function callersOf(data: PageData, endpoint: string): RunView[] {
  return data.runs.filter(({ endpoints }) => endpoints.some(({ name }) => name === endpoint));
}

export function isThere(data: PageData, { kind, id }: Place): boolean {
  switch (kind) {
    case 'run':
      return data.runs.some((run) => run.id === id);
    case 'finding':
      return findingsOf(data).some((finding) => finding.id === id);
    case 'endpoint':
      return callersOf(data, id).length > 0;
  }
}

/**
 * What is shown where the address asks for nothing. One thing alone is open; of several none is, the table has them all.
 * While runs go on, the one that is looked at stays, and stays when it has ended: nobody is led away from what they read.
 */
export function placeByItself(data: PageData, current: Place | undefined): Place | undefined {
  if (data.kind === 'live') return runningPlace(data, current);
  const folded = foldedIn(data);
  const places: Place[] = [
    ...findingsOf(data).map(({ id }): Place => ({ kind: 'finding', id })),
    ...data.runs.flatMap(({ id }, at): Place[] => (folded.has(at) ? [] : [{ kind: 'run', id }])),
  ];
  const [first] = places;
  return places.length === 1 ? first : undefined;
}

function runningPlace({ runs }: PageData, current: Place | undefined): Place | undefined {
  const places = runs.map(({ id, state }) => ({
    place: { kind: 'run', id } as const,
    goesOn: state.kind === 'running',
  }));
  const looked = places.find(({ place }) => isSamePlace(place, current));
  return (looked ?? places.find(({ goesOn }) => goesOn) ?? places.at(-1))?.place;
}
