/**
 * Whether a page beside a load tells of the server at all: a static page that asks no server for anything was shown in the
 * same rounds, and what it takes longer under load is the shared machine's doing. Where the machine was busy before the load
 * instead, what the load added is told too small.
 */
import { mostControlSlowdown, summarizeProbe } from '../measure/probe-summary.ts';
import type { RunData } from '../measure/run-data.ts';
import { formatPercent } from '../measure/units.ts';
import { nameWords } from './error-words.ts';

/** Why a probe of the run is invalid, in words; undefined where none is. What is played once is not judged by time. */
export function slowedPage(run: RunData): string | undefined {
  const { plan, probes } = run;
  if (plan.once === true || plan.whenSaturated === 'warn') return undefined;
  for (const [name, probe] of probes) {
    const { controlSlowdown } = summarizeProbe(name, probe);
    const words = controlSlowdown === undefined ? undefined : wordsOf(run, name, controlSlowdown);
    if (words !== undefined) return words;
  }
  return undefined;
}

function wordsOf(run: RunData, name: string, slowdown: number): string | undefined {
  const page = `the page "${nameWords(name)}"`;
  const control = 'a static page beside it, which asks no server for anything, took';
  if (slowdown > mostControlSlowdown)
    return `the machine slowed down ${page}, so its figures say nothing of the server: ${control} ${percent(slowdown)} longer under load (${percent(mostControlSlowdown)} are allowed); send the load from another machine than the browser's, or from fewer \`cores\``;
  const slowdownBefore = 1 / (1 + slowdown) - 1;
  if (slowdownBefore > mostControlSlowdown && asksWhatWasAdded(run, name))
    return `the machine was busy before the load, so what the load added to ${page} is told too small: ${control} ${percent(slowdownBefore)} longer before it (${percent(mostControlSlowdown)} are allowed); let nothing else run beside the test`;
  return undefined;
}

function asksWhatWasAdded({ thresholds }: RunData, name: string): boolean {
  return thresholds.some(
    ({ scope, metric }) => scope.kind === 'probe' && scope.name === name && metric.startsWith('added.'),
  );
}

function percent(share: number): string {
  return formatPercent(Math.round(share * 100) / 100).replace('.0 %', ' %');
}
