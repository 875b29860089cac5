/** The state of a run as it went on, of the processes under load, of the generator, and what came of it. */
import type { Environment } from '../../load/measure/summary.ts';
import { verdictOrder } from '../../load/verdict/verdict-order.ts';
import { plainLine } from '../words/plain-text.ts';
import { atEnd, distinctNames, type ExportedRun, gaugeAtEnd } from './exported-run.ts';
import { valueEach } from './intervals.ts';
import type { Family, Labels, Series } from './metric-family.ts';

export type Origin = Partial<Pick<Environment, 'commit' | 'branch'>>;

export function stateFamilies(runs: readonly ExportedRun[], origin: Origin): Family[] {
  return [
    gauge('users', 'users', '{user}', 'Users at work, the most of each interval.', runs.flatMap(windowsOf('users'))),
    gauge(
      'requests_in_flight',
      'requests.in_flight',
      '{request}',
      'Requests in flight, the most of each interval.',
      runs.flatMap(windowsOf('inFlight')),
    ),
    ...processFamilies(runs),
    ...generatorFamilies(runs),
    ...outcomeFamilies(runs, origin),
  ];
}

function gauge(name: string, otel: string, unit: string, help: string, series: Series<number>[]): Family {
  return { name: `playload_${name}`, otel: `playload.${otel}`, unit, type: 'gauge', help, series };
}

/** A gauge over time; none where nothing was measured. */
function overTime(
  { intervals }: ExportedRun,
  labels: Labels,
  values: Iterable<readonly [second: number, value: number | undefined]>,
  merge: (earlier: number, later: number) => number,
): Series<number>[] {
  const points = valueEach(values, intervals, merge);
  return points.length === 0 ? [] : [{ labels, startMs: intervals.startMs, points }];
}

const higher = (earlier: number, later: number) => Math.max(earlier, later);
const later = (_: number, value: number) => value;

function windowsOf(figure: 'users' | 'inFlight'): (run: ExportedRun) => Series<number>[] {
  return (run) => {
    const seconds = [...run.data.windows].map(([second, window]) => [second, window[figure]] as const);
    return overTime(run, run.labels, seconds, higher);
  };
}

const bytesPerMb = 1_048_576;

function processFamilies(runs: readonly ExportedRun[]): Family[] {
  const readings = (figure: 'rssMb' | 'cpuPercent' | 'handles', factor: number) =>
    runs.flatMap((run) =>
      distinctNames(run.data.resources).flatMap(([name, { samples }]) => {
        const values = samples.map(
          (sample) => [Math.floor(sample.atMs / 1_000), scaled(sample[figure], factor)] as const,
        );
        return overTime(run, { ...run.labels, process: plainLine(name) }, values, later);
      }),
    );
  return [
    gauge(
      'process_resident_memory_bytes',
      'process.memory.usage',
      'By',
      'Resident memory of a watched process.',
      readings('rssMb', bytesPerMb),
    ),
    gauge(
      'process_cpu_ratio',
      'process.cpu.utilization',
      '1',
      'CPU of a watched process; 1 is one core.',
      readings('cpuPercent', 1 / 100),
    ),
    gauge(
      'process_open_files',
      'process.open_file_descriptor.count',
      '{file_descriptor}',
      'Open files and sockets of a watched process.',
      readings('handles', 1),
    ),
  ];
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

/** Of the busiest generator. */
function generatorFamilies(runs: readonly ExportedRun[]): Family[] {
  const busiest = (figure: 'elu' | 'cpuPercent', factor: number) =>
    runs.flatMap((run) => {
      const seconds = run.data.segments.flatMap(({ generator }) =>
        generator.map((second) => [second.second, scaled(second[figure], factor)] as const),
      );
      return overTime(run, run.labels, seconds, higher);
    });
  return [
    gauge(
      'generator_event_loop_ratio',
      'generator.event_loop.utilization',
      '1',
      "Utilisation of the busiest generator's event loop.",
      busiest('elu', 1),
    ),
    gauge(
      'generator_cpu_ratio',
      'generator.cpu.utilization',
      '1',
      'CPU of the busiest generator; 1 is one core.',
      busiest('cpuPercent', 1 / 100),
    ),
  ];
}

function outcomeFamilies(runs: readonly ExportedRun[], origin: Origin): Family[] {
  return [
    gauge('run_verdict', 'verdict', '1', '1 for the verdict of the run, 0 for the others.', runs.flatMap(verdictsOf)),
    gauge(
      'run_duration_seconds',
      'run.duration',
      's',
      'Length of the measured part.',
      runs.flatMap((run) => gaugeAtEnd(run, run.labels, run.summary.durationMs / 1_000)),
    ),
    gauge(
      'run_info',
      'run.info',
      '1',
      '1, with what the run was as labels.',
      runs.map((run) => atEnd(run, { ...run.labels, ...infoOf(run, origin) }, 1)),
    ),
    gauge(
      'threshold_met',
      'threshold.met',
      '1',
      '1 for a limit that was met, 0 for one that was not.',
      thresholds(runs),
    ),
    gauge(
      'slo_good_ratio',
      'slo.good',
      '1',
      'Requests within the latency limits of an SLO, of all that were due.',
      runs.flatMap((run) =>
        distinctNames(run.summary.slos ?? []).map(([name, { share }]) =>
          atEnd(run, { ...run.labels, slo: plainLine(name) }, share),
        ),
      ),
    ),
  ];
}

function verdictsOf(run: ExportedRun): Series<number>[] {
  return verdictOrder.map((verdict) => atEnd(run, { ...run.labels, verdict }, run.summary.verdict === verdict ? 1 : 0));
}

function infoOf({ summary }: ExportedRun, { commit, branch }: Origin): Labels {
  return {
    profile: plainLine(summary.profile),
    model: summary.model,
    ...(commit !== undefined && { commit: plainLine(commit) }),
    ...(branch !== undefined && { branch: plainLine(branch) }),
  };
}

/** One limit may stand twice, over different windows: the worse counts. A limit that was not judged is none here. */
function thresholds(runs: readonly ExportedRun[]): Series<number>[] {
  return runs.flatMap((run) => {
    const met = new Map<string, { readonly labels: Labels; value: number }>();
    for (const { metric, scope, expected, verdict } of run.summary.thresholds) {
      if (verdict === 'measured') continue;
      const labels = { ...run.labels, metric, scope: plainLine(scope), expected: plainLine(expected) };
      const key = JSON.stringify(labels);
      const value = verdict === 'failed' ? 0 : 1;
      met.set(key, { labels, value: Math.min(value, met.get(key)?.value ?? value) });
    }
    return [...met.values()].map(({ labels, value }) => atEnd(run, labels, value));
  });
}
