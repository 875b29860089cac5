import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { summarizeResource, type ResourcePhase, type ResourceSample } from './resource-series.ts';

const sample = (phase: ResourcePhase, atMs: number, rssMb: number, cpuPercent?: number): ResourceSample => ({
  phase,
  atMs,
  rssMb,
  ...(cpuPercent !== undefined && { cpuPercent }),
});
const series = (samples: readonly ResourceSample[]) => ({ name: 'server', pid: 7, cores: 2, samples });

const cases = [
  { title: 'nothing sampled, nothing claimed', samples: [], rssMb: {}, cpuPercent: {} },
  {
    title: 'one reading has memory and no CPU',
    samples: [sample('load', 0, 61.5)],
    rssMb: { peak: 61.5, final: 61.5 },
    cpuPercent: {},
  },
  {
    title: 'three phases',
    samples: [
      sample('baseline', -2_000, 60),
      sample('baseline', -1_000, 62, 1),
      sample('baseline', 0, 61, 3),
      sample('load', 1_000, 80, 100),
      sample('load', 1_500, 90, 40), // half a second weighs half
      sample('after', 2_500, 85, 9),
      sample('after', 3_500, 74, 1),
      sample('after', 4_500, 74, 1),
    ],
    rssMb: { baseline: 61, peak: 90, final: 74 },
    cpuPercent: { baseline: 2, mean: 80, peak: 100, final: 1 },
  },
  {
    title: 'the CPU of a warm-up is in no figure, its memory is in the peak',
    samples: [
      sample('load', -2_000, 60),
      sample('load', -1_000, 99, 100),
      sample('load', 0, 80, 100),
      sample('load', 1_000, 80, 30),
      sample('load', 2_000, 80, 50),
    ],
    rssMb: { peak: 99, final: 80 },
    cpuPercent: { mean: 40, peak: 50 },
  },
  {
    title: 'of CPU nothing is claimed but of the time between two readings, more of it measured than not',
    samples: [
      sample('load', -500, 60, 90), // nothing to compare with
      sample('load', 500, 60, 80), // as much before the begin as after it
      sample('load', 1_500, 60),
      sample('load', 2_500, 60, 20),
    ],
    rssMb: { peak: 60, final: 60 },
    cpuPercent: { mean: 20, peak: 20 },
  },
  {
    title: 'a reading by itself has no length, and no mean',
    samples: [sample('load', 1_000, 60, 50)],
    rssMb: { peak: 60, final: 60 },
    cpuPercent: {},
  },
  {
    title: 'the last five readings say what is used after it',
    samples: [100, 100, 100, 100, 1, 2, 3].map((cpuPercent, at) => sample('after', at, 60, cpuPercent)),
    rssMb: { peak: 60, final: 60 },
    cpuPercent: { final: 3 },
  },
  {
    title: 'a peak that comes late is still the peak',
    samples: [sample('baseline', 0, 60), sample('load', 1_000, 80, 5), sample('after', 2_000, 95, 1)],
    rssMb: { baseline: 60, peak: 95, final: 95 },
    cpuPercent: { mean: 5, peak: 5, final: 1 },
  },
];
for (const { title, samples, rssMb, cpuPercent } of cases) {
  test(title, () => {
    expect(summarizeResource(series(samples))).toStrictEqual({ name: 'server', pid: 7, rssMb, cpuPercent });
  });
}
