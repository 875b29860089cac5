import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { GeneratorSecond } from '../measure/generator-series.ts';
import { emptyEndpoint, emptyRunData, type RunData } from '../measure/run-data.ts';
import { judgeGenerator } from './generator-health.ts';

type Used = Omit<GeneratorSecond, 'second'>;

interface Generator {
  readonly seconds: readonly Used[];
  /** So many starts, each so late, against so slow a response. */
  readonly starts?: { readonly count: number; readonly lagMs: number; readonly responseMs?: number };
  /** Seconds of the warm-up before them. */
  readonly warmUp?: readonly Used[];
  /** What it did beside its requests. */
  readonly burden?: string;
}

const always = (used: Used, count = 10): Used[] => Array.from({ length: count }, () => used);

function runOf(...generators: readonly Generator[]): RunData {
  const run = emptyRunData({ index: 0, profile: 'p', model: 'open', warmUpMs: 0, whenSaturated: 'invalid' });
  const endpoint = emptyEndpoint();
  run.endpoints.set('GET /', endpoint);
  generators.forEach(({ seconds, starts, warmUp = [], ...burden }, index) => {
    const generator = [...warmUp, ...seconds].map((used, at) => ({ ...used, second: at - warmUp.length }));
    run.segments.push({
      runId: 'r',
      index,
      of: generators.length,
      startedAtEpochMs: 0,
      durationMs: 10_000,
      generator,
      pid: 1,
      ...burden,
    });
    for (let n = 0; n < (starts?.count ?? 0); n++) {
      run.lag.recordMs(starts?.lagMs ?? 0);
      endpoint.response.recordMs(starts?.responseMs ?? 1);
    }
  });
  return run;
}

const cases: {
  readonly say: string;
  readonly generator: Generator;
  readonly verdict: string;
  readonly reason: string;
}[] = [
  {
    say: 'two seconds',
    generator: { seconds: always({ elu: 0.99 }, 2) },
    verdict: 'unjudged',
    reason: '2 whole seconds are too few to judge the generator',
  },
  {
    say: 'three seconds',
    generator: { seconds: always({ elu: 0.1 }, 3) },
    verdict: 'healthy',
    reason: 'its event loop was 10.0 % busy',
  },
  {
    say: 'two seconds after a warm-up',
    generator: { seconds: always({ elu: 0.1 }, 2), warmUp: always({ elu: 0.1 }) },
    verdict: 'unjudged',
    reason: '2 whole seconds are too few to judge the generator',
  },
  {
    say: 'a busy warm-up',
    generator: { seconds: always({ elu: 0.2 }), warmUp: always({ elu: 1 }) },
    verdict: 'healthy',
    reason: 'its event loop was 20.0 % busy',
  },
  {
    say: 'no word of its loop',
    generator: { seconds: always({ cpuPercent: 5 }) },
    verdict: 'unjudged',
    reason: 'its event loop could not be watched',
  },
  {
    say: '85 % of its loop',
    generator: { seconds: always({ elu: 0.85 }) },
    verdict: 'saturated',
    reason: 'its event loop was 85.0 % busy: add cores or shards, or lower the rate',
  },
  {
    say: '85 % of its loop, and why',
    generator: { seconds: always({ elu: 0.85 }), burden: 'it counts sheep' },
    verdict: 'saturated',
    reason: 'its event loop was 85.0 % busy: add cores or shards, or lower the rate; it counts sheep',
  },
  {
    say: '69 % of its loop, whatever it does',
    generator: { seconds: always({ elu: 0.69 }), burden: 'it counts sheep' },
    verdict: 'healthy',
    reason: 'its event loop was 69.0 % busy',
  },
  {
    say: '84.94 % of its loop',
    generator: { seconds: always({ elu: 0.8494 }) },
    verdict: 'suspect',
    reason: 'its event loop was 84.9 % busy, close to its limit',
  },
  {
    say: '70 % of its loop',
    generator: { seconds: always({ elu: 0.7 }) },
    verdict: 'suspect',
    reason: 'its event loop was 70.0 % busy, close to its limit',
  },
  {
    say: '69 % of its loop',
    generator: { seconds: always({ elu: 0.69 }) },
    verdict: 'healthy',
    reason: 'its event loop was 69.0 % busy',
  },
  {
    say: 'one second of ten at 90 %',
    generator: { seconds: [...always({ elu: 0.1 }, 9), { elu: 0.9 }] },
    verdict: 'healthy',
    reason: 'its event loop was 18.0 % busy',
  },
  {
    say: 'two seconds of ten at 90 %',
    generator: { seconds: [...always({ elu: 0.1 }, 8), ...always({ elu: 0.9 }, 2)] },
    verdict: 'saturated',
    reason: 'its event loop was 90 % busy or more in 20.0 % of the seconds: add cores or shards, or lower the rate',
  },
  {
    say: 'a fifth of its time without a CPU',
    generator: { seconds: always({ elu: 0.1, waitPercent: 20 }) },
    verdict: 'noisy',
    reason: 'it waited for a CPU 20.0 % of the time: the machine is busy with other things',
  },
  {
    say: 'more than a fifth of its time without a CPU',
    generator: { seconds: always({ elu: 0.1, waitPercent: 20.1 }) },
    verdict: 'saturated',
    reason:
      'its main thread waited for a CPU 20.1 % of the time (limit 20 %): its machine was busy with other things; give it one of its own',
  },
  {
    say: '5 % of its time without a CPU',
    generator: { seconds: always({ elu: 0.1, waitPercent: 5 }) },
    verdict: 'healthy',
    reason: 'its event loop was 10.0 % busy',
  },
  {
    say: '5.1 % of its time without a CPU',
    generator: { seconds: always({ elu: 0.1, waitPercent: 5.1 }) },
    verdict: 'noisy',
    reason: 'it waited for a CPU 5.1 % of the time: the machine is busy with other things',
  },
  {
    say: 'a quota that ran out',
    generator: { seconds: [...always({ elu: 0.1, throttled: 0 }, 9), { elu: 0.1, throttled: 2 }] },
    verdict: 'noisy',
    reason: 'its CPU quota ran out in 2 scheduler periods',
  },
  {
    say: 'a quota that sufficed',
    generator: { seconds: always({ elu: 0.1, throttled: 0 }) },
    verdict: 'healthy',
    reason: 'its event loop was 10.0 % busy',
  },
  {
    say: 'neighbours who waited a fifth of the time',
    generator: { seconds: always({ elu: 0.1, psiPercent: 20 }) },
    verdict: 'healthy',
    reason: 'its event loop was 10.0 % busy',
  },
  {
    say: 'neighbours who waited longer',
    generator: { seconds: always({ elu: 0.1, psiPercent: 20.1 }) },
    verdict: 'noisy',
    reason: 'something on the machine waited for a CPU 20.1 % of the time',
  },
];
for (const { say, generator, verdict, reason } of cases) {
  test(`a generator with ${say} is ${verdict}: ${reason}`, () => {
    expect(judgeGenerator(runOf(generator))).toMatchObject({ verdict, reason });
  });
}

const quiet = always({ elu: 0.2, ranPercent: 20, waitPercent: 1 });
const lags: {
  readonly lagMs: number;
  readonly responseMs?: number;
  readonly seconds?: readonly Used[];
  readonly verdict: string;
  readonly reason: string;
}[] = [
  { lagMs: 5, verdict: 'healthy', reason: 'its event loop was 20.0 % busy' },
  { lagMs: 5.01, verdict: 'suspect', reason: '1.0 % of the requests started more than 5.01 ms late' },
  { lagMs: 10, verdict: 'suspect', reason: '1.0 % of the requests started more than 10.0 ms late' },
  { lagMs: 20, responseMs: 100, verdict: 'suspect', reason: '1.0 % of the requests started more than 20.0 ms late' }, // less than a quarter of the response
  {
    lagMs: 26,
    responseMs: 100,
    verdict: 'saturated',
    reason:
      '1.0 % of the requests started more than 26.0 ms late (limit 25.0 ms): its own code blocked its event loop, up to 20.0 % of a second: look for work in the scenario that keeps others waiting',
  },
  {
    lagMs: 12,
    seconds: [...always({ elu: 0.2, ranPercent: 20, waitPercent: 1 }, 9), { elu: 0.8, ranPercent: 20, waitPercent: 1 }],
    verdict: 'saturated',
    reason:
      '1.0 % of the requests started more than 12.0 ms late (limit 10.0 ms): its own code blocked its event loop, up to 80.0 % of a second: look for work in the scenario that keeps others waiting',
  },
  {
    lagMs: 12,
    seconds: always({ elu: 0.7, ranPercent: 70, waitPercent: 1 }),
    verdict: 'saturated',
    reason:
      '1.0 % of the requests started more than 12.0 ms late (limit 10.0 ms): add cores or shards, or lower the rate',
  },
  {
    lagMs: 12,
    seconds: always({ elu: 0.2, ranPercent: 3, waitPercent: 4 }),
    verdict: 'saturated',
    reason:
      '1.0 % of the requests started more than 12.0 ms late (limit 10.0 ms): its main thread waited for a CPU 4.0 % of the time and ran 3.0 %: its machine was busy with other things; give it one of its own',
  },
  {
    lagMs: 12,
    seconds: always({ elu: 0.2, ranPercent: 4, waitPercent: 4 }),
    verdict: 'saturated',
    reason:
      '1.0 % of the requests started more than 12.0 ms late (limit 10.0 ms): its own code blocked its event loop, up to 20.0 % of a second: look for work in the scenario that keeps others waiting',
  },
  {
    lagMs: 12,
    seconds: always({ elu: 0.2 }),
    verdict: 'saturated',
    reason:
      '1.0 % of the requests started more than 12.0 ms late (limit 10.0 ms): its own code blocked its event loop, or its machine was busy with other things',
  },
  {
    lagMs: 12,
    seconds: always({ elu: 0.7 }),
    verdict: 'saturated',
    reason:
      '1.0 % of the requests started more than 12.0 ms late (limit 10.0 ms): add cores or shards, or lower the rate',
  },
  {
    lagMs: 12,
    seconds: [],
    verdict: 'saturated',
    reason:
      '1.0 % of the requests started more than 12.0 ms late (limit 10.0 ms): add cores or shards, or lower the rate',
  },
];
for (const { lagMs, responseMs = 1, seconds = quiet, verdict, reason } of lags) {
  test(`starts ${lagMs} ms late, answered in ${responseMs} ms, of ${JSON.stringify(seconds[0] ?? {})} make it ${verdict}: ${reason}`, () => {
    expect(judgeGenerator(runOf({ seconds, starts: { count: 1_000, lagMs, responseMs } }))).toMatchObject({
      verdict,
      reason,
    });
  });
}

test('of several segments the worst is told, with the means of all, the warm-up left out', () => {
  const calm = { seconds: always({ elu: 0.1, cpuPercent: 10.04 }), warmUp: always({ elu: 1, cpuPercent: 99 }) };
  const busy = { seconds: always({ elu: 0.9006, cpuPercent: 90 }) };
  const starts = { count: 1_000, lagMs: 2 };
  expect(judgeGenerator(runOf({ ...calm, starts }, busy))).toEqual({
    verdict: 'saturated',
    reason: 'generator 2 of 2: its event loop was 90.1 % busy: add cores or shards, or lower the rate',
    eluMean: 0.5,
    cpuPercent: 50,
    lagP99Ms: 2,
  });
});

test('of a run without a generator nothing is told', () => {
  expect(judgeGenerator(runOf())).toEqual({
    verdict: 'unjudged',
    reason: 'the run was too short to judge its generator',
  });
});
