/** What scenarios did beside their requests: iterations, checks, groups, metrics of the user's own, users' lives. */
import { groupCounts } from '../../load/measure/group-data.ts';
import type { MetricData } from '../../load/measure/custom-metric.ts';
import { userStages } from '../../load/measure/user-book.ts';
import { plainLine } from '../words/plain-text.ts';
import { atEnd, distributionOf, type ExportedRun, gaugeAtEnd } from './exported-run.ts';
import type { Distribution, Family, Series } from './metric-family.ts';

export function scenarioFamilies(runs: readonly ExportedRun[]): Family[] {
  return [
    counter('iterations', '{iteration}', 'Calls of the scenario by what became of them.', runs.flatMap(iterationsOf)),
    counter('checks', '{check}', 'Checks by name and outcome.', runs.flatMap(checksOf)),
    counter('groups', '{group}', 'Groups by name and what became of them.', runs.flatMap(groupsOf)),
    {
      name: 'playload_group_duration_seconds',
      otel: 'playload.group.duration',
      unit: 's',
      type: 'histogram',
      help: 'How long groups took that ended well.',
      series: runs.flatMap(groupDurationsOf),
    },
    counter('user_stages', '{user}', 'Users that were set up and torn down.', runs.flatMap(userStagesOf)),
    ...customFamilies(runs),
  ];
}

function counter(name: string, unit: string, help: string, series: Series<number>[]): Family {
  return { name: `playload_${name}`, otel: `playload.${name}`, unit, type: 'counter', help, series };
}

function iterationsOf(run: ExportedRun): Series<number>[] {
  const { started, failed } = run.summary.iterations;
  const { unfinished } = run.data.iterations;
  return Object.entries({ ok: Math.max(0, started - failed - unfinished), failed, unfinished }).map(
    ([outcome, count]) => atEnd(run, { ...run.labels, outcome }, count),
  );
}

function checksOf(run: ExportedRun): Series<number>[] {
  return [...run.data.checks].flatMap(([name, counts]) =>
    (['passed', 'failed'] as const).map((outcome) =>
      atEnd(run, { ...run.labels, check: plainLine(name), outcome }, counts[outcome]),
    ),
  );
}

function groupsOf(run: ExportedRun): Series<number>[] {
  return [...run.data.groups].flatMap(([name, group]) => {
    const counts = groupCounts(group);
    return (['ok', 'failed', 'unfinished'] as const).map((outcome) =>
      atEnd(run, { ...run.labels, group: plainLine(name), outcome }, Math.max(0, counts[outcome])),
    );
  });
}

function groupDurationsOf(run: ExportedRun): Series<Distribution>[] {
  return [...run.data.groups].flatMap(([name, { durations }]) => {
    const distribution = distributionOf(durations);
    return distribution === undefined ? [] : [atEnd(run, { ...run.labels, group: plainLine(name) }, distribution)];
  });
}

function userStagesOf(run: ExportedRun): Series<number>[] {
  if (run.summary.users === undefined) return [];
  return userStages.flatMap((stage) => {
    const { begun, failed } = run.data.users[stage];
    return Object.entries({ ok: Math.max(0, begun - failed), failed }).map(([outcome, count]) =>
      atEnd(run, { ...run.labels, stage, outcome }, count),
    );
  });
}

/** Names of the user's own are labels: any text may be one, and none meets a name of ours. */
function customFamilies(runs: readonly ExportedRun[]): Family[] {
  const each = (valuesOf: (metric: MetricData) => readonly (readonly [value: number, stat?: string])[]) =>
    runs.flatMap((run) =>
      run.data.metrics
        .entries()
        .flatMap(([name, metric]) =>
          valuesOf(metric).flatMap(([value, stat]) =>
            gaugeAtEnd(run, { ...run.labels, metric: plainLine(name), ...(stat !== undefined && { stat }) }, value),
          ),
        ),
    );
  const gauge = (name: string, otel: string, help: string, series: Series<number>[]): Family => ({
    name: `playload_custom_${name}`,
    otel: `playload.custom.${otel}`,
    unit: '1',
    type: 'gauge',
    help,
    series,
  });
  return [
    {
      ...counter('custom_count', '1', 'Counters of the user, by name.', each(countOf)),
      otel: 'playload.custom.count',
    },
    gauge('value', 'value', 'Last value of gauges of the user, by name.', each(valueOf)),
    gauge('ratio', 'ratio', 'Rates of the user, by name.', each(ratioOf)),
    gauge('trend', 'trend', 'Percentiles of trends of the user, by name, in their own unit.', each(trendOf)),
  ];
}

const countOf = (metric: MetricData) => (metric.kind === 'counter' ? ([[metric.total]] as const) : []);
const valueOf = (metric: MetricData) => (metric.kind === 'gauge' ? ([[metric.last]] as const) : []);

function ratioOf(metric: MetricData): (readonly [number])[] {
  return metric.kind === 'rate' && metric.total > 0 ? [[metric.passed / metric.total]] : [];
}

const trendPercentiles = [50, 90, 95, 99] as const;

function trendOf(metric: MetricData): (readonly [number, string])[] {
  if (metric.kind !== 'trend') return [];
  const { values, min, max } = metric;
  return [
    [min, 'min'],
    ...trendPercentiles.flatMap((percent) => {
      const value = values.percentile(percent);
      return value === undefined ? [] : [[value, `p${percent}`] as const];
    }),
    [max, 'max'],
  ];
}
