/**
 * Whether a page beside a load tells of the server at all: a static page that asks no server for anything was shown in the
 * same rounds, and what it takes longer under load is the shared machine's doing.
 */
import { mostControlSlowdown, summarizeProbe } from '../measure/probe-summary.ts';
import type { RunData } from '../measure/run-data.ts';
import { formatPercent } from '../measure/units.ts';
import { nameWords } from './error-words.ts';

/** Why a probe of the run is invalid, in words; undefined where none is. What is played once is not judged by time. */
export function slowedPage({ plan, probes }: RunData): string | undefined {
  if (plan.once === true || plan.whenSaturated === 'warn') return undefined;
  for (const [name, probe] of probes) {
    const { controlSlowdown } = summarizeProbe(name, probe);
    if (controlSlowdown === undefined || controlSlowdown <= mostControlSlowdown) continue;
    return `the machine slowed down the page "${nameWords(name)}", so its figures say nothing of the server: a static page beside it, which asks no server for anything, took ${percent(controlSlowdown)} longer under load (${percent(mostControlSlowdown)} are allowed); send the load from another machine than the browser's, or from fewer \`cores\``;
  }
  return undefined;
}

function percent(share: number): string {
  return formatPercent(Math.round(share * 100) / 100).replace('.0 %', ' %');
}
