/**
 * Was the load generator the bottleneck? A saturated event loop delays sending and reading alike, so its run says
 * nothing of the server. The achieved rate is the last thing to break; utilisation and lag bend first.
 */
import { busyElu, summarizeGenerator } from '../measure/generator-series.ts';
import { overall, type RunData, type SegmentData } from '../measure/run-data.ts';
import type { GeneratorVerdict } from '../measure/summary.ts';
import { formatMs, formatPercent, toDigits } from '../measure/units.ts';
import { latenessOf } from './lateness.ts';

/** At 80 to 90 % of its loop a generator adds milliseconds of its own; 80 % is the field's limit too (Hyperfoil, k6). */
export const generatorLimits = {
  /** Mean event-loop utilisation from which the run is invalid. */
  eluMean: 0.85,
  /** Share of the seconds that may be at or above `busyElu`. */
  busyShare: 0.1,
  /** Mean utilisation from which the numbers are suspect. */
  suspectElu: 0.7,
  /** Lag from which the run is invalid: this, or a quarter of the response time at the same percentile if that is more. */
  lagMs: 10,
  lagShareOfResponse: 0.25,
  suspectLagMs: 5,
  /** Seconds needed before utilisation is worth judging. */
  minSeconds: 3,
  /** Share of the time the main thread waited for a CPU from which the machine is called noisy, percent. */
  waitPercent: 5,
  /**
   * Likewise, from which the run is invalid: neighbours that put 40 ms into a lag's p95 took 7 to 12 %, and at twice
   * that every wake-up may be late.
   */
  invalidWaitPercent: 20,
  /** Likewise, share of the time some task of the machine waited for one (Linux PSI), percent. */
  psiPercent: 20,
} as const;

export function judgeGenerator(run: RunData): GeneratorVerdict {
  if (run.plan.once === true) return { verdict: 'unjudged', reason: 'it was played once, and sent no load' };
  const perSegment = run.segments.flatMap((segment) =>
    [
      explained(segment, judgeSegment(measured(segment.generator))),
      ...(segment.incidents ?? []).map((reason): Opinion => ({ verdict: 'suspect', reason })),
    ].map((opinion) => (run.segments.length === 1 ? opinion : ofGenerator(segment, opinion))),
  );
  const lag = lagVerdict(run);
  const all = [...perSegment, ...(lag === undefined ? [] : [lag])];
  const worst = order.map((verdict) => all.find((each) => each.verdict === verdict)).find((each) => each !== undefined);
  const series = run.segments.flatMap((segment) => measured(segment.generator));
  const { eluMean, cpuPercent } = summarizeGenerator(series);
  const lagP99Ms = run.lag.percentileMs(99);
  return {
    verdict: worst?.verdict ?? 'unjudged',
    reason: worst?.reason ?? 'the run was too short to judge its generator',
    ...(eluMean !== undefined && { eluMean: toDigits(eluMean, 3) }),
    ...(cpuPercent !== undefined && { cpuPercent: toDigits(cpuPercent, 1) }),
    ...(lagP99Ms !== undefined && { lagP99Ms }),
  };
}

type Opinion = Pick<GeneratorVerdict, 'verdict' | 'reason'>;

/** With what took its time, where that is known. */
function explained({ burden }: SegmentData, { verdict, reason }: Opinion): Opinion {
  return { verdict, reason: burden !== undefined && verdict === 'saturated' ? `${reason}; ${burden}` : reason };
}

/** Of several generators the one that is meant. */
function ofGenerator({ index, of }: SegmentData, { verdict, reason }: Opinion): Opinion {
  return { verdict, reason: `generator ${index + 1} of ${of}: ${reason}` };
}

/** Worst first. */
const order = ['saturated', 'suspect', 'noisy', 'healthy', 'unjudged'] as const;
const advice = 'add cores or shards, or lower the rate';
const quieter = 'its machine was busy with other things; give it one of its own';

function judgeSegment(series: RunData['segments'][number]['generator']): Opinion {
  if (series.length < generatorLimits.minSeconds) {
    return { verdict: 'unjudged', reason: `${series.length} whole seconds are too few to judge the generator` };
  }
  const { eluMean: mean, busyShare = 0, waitPercent, psiPercent, throttled = 0 } = summarizeGenerator(series);
  if (mean === undefined) return { verdict: 'unjudged', reason: 'its event loop could not be watched' };
  const eluMean = toDigits(mean, 3);
  if (eluMean >= generatorLimits.eluMean) {
    return { verdict: 'saturated', reason: `its event loop was ${formatPercent(eluMean)} busy: ${advice}` };
  }
  if (waitPercent !== undefined && waitPercent > generatorLimits.invalidWaitPercent) {
    return {
      verdict: 'saturated',
      reason: `its main thread waited for a CPU ${formatPercent(waitPercent / 100)} of the time (limit ${generatorLimits.invalidWaitPercent} %): ${quieter}`,
    };
  }
  if (busyShare > generatorLimits.busyShare) {
    return {
      verdict: 'saturated',
      reason: `its event loop was ${busyElu * 100} % busy or more in ${formatPercent(toDigits(busyShare, 3))} of the seconds: ${advice}`,
    };
  }
  if (eluMean >= generatorLimits.suspectElu) {
    return {
      verdict: 'suspect',
      reason: `its event loop was ${formatPercent(eluMean)} busy, close to its limit`,
    };
  }
  if (throttled > 0) return { verdict: 'noisy', reason: `its CPU quota ran out in ${throttled} scheduler periods` };
  if (waitPercent !== undefined && waitPercent > generatorLimits.waitPercent) {
    return {
      verdict: 'noisy',
      reason: `it waited for a CPU ${formatPercent(waitPercent / 100)} of the time: the machine is busy with other things`,
    };
  }
  if (psiPercent !== undefined && psiPercent > generatorLimits.psiPercent) {
    return {
      verdict: 'noisy',
      reason: `something on the machine waited for a CPU ${formatPercent(psiPercent / 100)} of the time`,
    };
  }
  return { verdict: 'healthy', reason: `its event loop was ${formatPercent(eluMean)} busy` };
}

function lagVerdict(run: RunData): Opinion | undefined {
  const late = latenessOf(run.lag);
  if (late === undefined) return undefined;
  const { percent, lagMs, words } = late;
  const responseMs = overall(run, 'response').percentileMs(percent) ?? 0;
  const limitMs = Math.max(generatorLimits.lagMs, generatorLimits.lagShareOfResponse * responseMs);
  if (lagMs > limitMs) {
    return {
      verdict: 'saturated',
      reason: `${words} started more than ${formatMs(lagMs)} late (limit ${formatMs(limitMs)}): ${remedy(run)}`,
    };
  }
  if (lagMs > generatorLimits.suspectLagMs)
    return { verdict: 'suspect', reason: `${words} started more than ${formatMs(lagMs)} late` };
  return undefined;
}

/** Who was late knows why by what its main thread did meanwhile: it ran, it waited for a CPU, or neither is known. */
function remedy(run: RunData): string {
  const series = run.segments.flatMap(({ generator }) => measured(generator));
  const { eluMean = 1, ranPercent, waitPercent } = summarizeGenerator(series);
  if (ranPercent !== undefined && waitPercent !== undefined) {
    if (waitPercent > ranPercent)
      return `its main thread waited for a CPU ${formatPercent(waitPercent / 100)} of the time and ran ${formatPercent(ranPercent / 100)}: ${quieter}`;
    const busiest = Math.max(...series.map(({ elu = 0 }) => elu));
    return eluMean < generatorLimits.suspectElu
      ? `its own code blocked its event loop, up to ${formatPercent(toDigits(busiest, 3))} of a second: look for work in the scenario that keeps others waiting`
      : advice;
  }
  return eluMean < generatorLimits.suspectElu
    ? 'its own code blocked its event loop, or its machine was busy with other things'
    : advice;
}

function measured(series: RunData['segments'][number]['generator']): RunData['segments'][number]['generator'] {
  return series.filter(({ second }) => second >= 0);
}
