/** A page beside a load in one line: `page "shop": LCP 420 → 730 ms (+310), pay 120 → 450 ms (+330), control +4 %`. */
import { plainLine } from './plain-line.ts';
import { vitals, type Vital } from './probe-data.ts';
import type { ProbePhase, ProbeStats, ProbeSummary } from './probe-summary.ts';
import { formatCount, formatMs, formatNumber } from './units.ts';

const names: Readonly<Record<Vital, string>> = { lcp: 'LCP', inp: 'INP', cls: 'CLS', ttfb: 'TTFB' };

/** Medians before the load and under it, and what was added. */
export function probeWords(summary: ProbeSummary): string {
  const { name, idle, load } = summary;
  return `page "${plainLine(name)}": ${[...figures(idle, load), ...controlWords(summary), ...roundsWords(summary)].join(', ')}`;
}

function figures(idle: ProbePhase, load: ProbePhase): string[] {
  const actions = [...new Set([...Object.keys(idle.actions), ...Object.keys(load.actions)])];
  return [
    ...vitals.flatMap((vital) =>
      figure(names[vital], [idle[vital], load[vital]], vital === 'cls' ? (value) => formatNumber(value) : formatMs),
    ),
    ...actions.flatMap((action) => figure(plainLine(action), [idle.actions[action], load.actions[action]], formatMs)),
  ];
}

function figure(
  name: string,
  [before, under]: readonly [ProbeStats | undefined, ProbeStats | undefined],
  format: (value: number) => string,
): string[] {
  if (before === undefined && under === undefined) return [];
  if (before === undefined || under === undefined)
    return [
      `${name} ${before === undefined ? 'no data' : format(before.p50)} → ${under === undefined ? 'no data' : format(under.p50)}`,
    ];
  const [from, to] = [format(before.p50), format(under.p50)];
  const unit = / \S+$/.exec(to)?.[0] ?? '';
  const shortFrom = unit !== '' && from.endsWith(unit) ? from.slice(0, -unit.length) : from;
  const added = under.p50 - before.p50;
  return [`${name} ${shortFrom} → ${to} (${signed(added, format)})`];
}

/** Its unit is that of what stands before it, where they are alike. */
function signed(value: number, format: (value: number) => string): string {
  return `${value < 0 ? '−' : '+'}${format(Math.abs(value)).replace(/ ms$/, '')}`;
}

function controlWords({ controlSlowdown }: ProbeSummary): string[] {
  if (controlSlowdown === undefined) return [];
  return [`control ${controlSlowdown < 0 ? '−' : '+'}${Math.round(Math.abs(controlSlowdown) * 100)} %`];
}

function roundsWords({ idle, load, leftOut }: ProbeSummary): string[] {
  const failed = idle.failed + load.failed;
  return [
    ...(load.rounds + load.failed === 0 ? ['no round under load'] : []),
    ...(failed === 0
      ? []
      : [`${formatCount(failed)} of ${formatCount(failed + idle.rounds + load.rounds)} rounds failed`]),
    ...(leftOut === 0 ? [] : [`${formatCount(leftOut)} rounds beyond those that are kept`]),
  ];
}
