/** What `load.soak` makes of a run: a finding each for memory, handles, latency and throughput, and what voids them. */
import { expect } from '@playwright/test';
import { laboratoryOf, type Made, madeRun } from '../../testing/made-run.ts';
import { test } from '../../testing/plain-test.ts';
import type { FindingVerdict } from '../measure/finding.ts';
import type { ResourceSeries } from '../measure/resource-series.ts';
import { arrivals } from '../profile/arrivals.ts';
import { seededRandom } from '../random.ts';
import { soak } from './soak.ts';
import type { SoakQuestion } from './soak-question.ts';

const minutes = 10;
const steady: Made = { model: 'open', seconds: minutes * 60, requests: () => 50 };

type Process = {
  readonly mbPerMin?: number;
  readonly handlesPerMin?: number;
  readonly ended?: 'exited' | 'restarted';
  readonly seconds?: number;
};

/** A saw-tooth of 12 s and 20 MB, a few connections that come and go, and what leaks beside them. */
function server({ mbPerMin = 0, handlesPerMin = 0, seconds = minutes * 60, ...rest }: Process = {}): ResourceSeries {
  const random = seededRandom(11);
  const samples = Array.from({ length: seconds + 1 }, (_, second) => ({
    atMs: second * 1_000,
    rssMb: 80 + 20 * ((second % 12) / 12) + (mbPerMin * second) / 60 + random(),
    handles: 20 + Math.floor(4 * random()) + Math.floor((handlesPerMin * second) / 60),
    phase: 'load' as const,
  }));
  return { name: 'server', pid: 7, cores: 2, samples, ...rest };
}

type Told = readonly [what: string, verdict: FindingVerdict, sentence: unknown];
const starting = (words: string): unknown => expect.stringMatching(new RegExp(`^${words}`));
const unwatched: Told = [
  'leak',
  'inconclusive',
  'memory was not watched, as the process of the server is not known: let Playwright start it, or set `serverPid`',
];
const noLatencyDrift: Told = [
  'latency',
  'passed',
  'p50 steady at 10.0 ms over 9m45s: a change of 10.0 % would have been seen; p95 steady at 10.0 ms over 9m45s: a change of 10.0 % would have been seen',
];
const allAnswered: Told = [
  'throughput',
  'passed',
  'answered of what was due: steady at 100 % over 9m45s: a change of 10.0 % would have been seen',
];
const busy = Array.from({ length: 600 }, (_, second) => ({ second, elu: 0.99 }));

const cases: {
  readonly title: string;
  readonly run?: Partial<Made>;
  readonly question?: Partial<SoakQuestion>;
  readonly verdict: FindingVerdict;
  readonly told: readonly Told[];
}[] = [
  {
    title: 'a server whose process is not known',
    verdict: 'inconclusive',
    told: [unwatched, noLatencyDrift, allAnswered],
  },
  {
    title: 'the same, with a limit for its memory',
    question: { limitMb: 512 },
    verdict: 'invalid',
    told: [['leak', 'invalid', unwatched[2]], noLatencyDrift, allAnswered],
  },
  {
    title: 'a healthy server',
    run: { resources: [server()] },
    verdict: 'passed',
    told: [
      ['leak', 'passed', 'no leak of 0.5 MB/min or more over 10m'],
      ['handles', 'passed', 'no leak of 1.1 handles/min or more over 10m'],
      noLatencyDrift,
      allAnswered,
    ],
  },
  {
    title: 'a server that leaks both',
    run: { resources: [server({ mbPerMin: 3, handlesPerMin: 6 })] },
    question: { limitMb: 410 },
    verdict: 'failed',
    told: [
      ['leak', 'failed', starting('leak of 3.0 MB/min .* over 10m, 1.0 MB per 1,000 requests, full in 10[0-2] min')],
      ['handles', 'failed', starting('leak of 6.0 handles/min .* over 10m, 2.0 handles per 1,000 requests')],
      noLatencyDrift,
      allAnswered,
    ],
  },
  {
    title: 'no more handles than the load may have connections',
    run: { inFlight: 40, resources: [server({ handlesPerMin: 4 })] },
    verdict: 'passed',
    told: [
      ['leak', 'passed', starting('no leak')],
      ['handles', 'passed', 'no leak of 5 handles/min or more over 10m'],
      noLatencyDrift,
      allAnswered,
    ],
  },
  {
    title: 'a server that leaks, soaked for too short a time',
    run: { seconds: 240, resources: [server({ mbPerMin: 3, seconds: 240 })] },
    verdict: 'inconclusive',
    told: [
      [
        'leak',
        'inconclusive',
        starting('memory rises by .*, too short a run to tell a leak from a warm-up: soak for 10m or more$'),
      ],
      ['handles', 'passed', starting('no leak of 10 handles/min or more over 4m')],
      ['latency', 'passed', starting('p50 steady')],
      ['throughput', 'passed', starting('answered of what was due: steady')],
    ],
  },
  {
    title: 'a server that was restarted',
    run: { resources: [server({ ended: 'restarted' })] },
    verdict: 'failed',
    told: [
      ['leak', 'failed', 'the server was restarted under load'],
      ['handles', 'failed', 'the server was restarted under load'],
      noLatencyDrift,
      allAnswered,
    ],
  },
  {
    title: 'a server that slows down by half',
    run: { latencyMs: (second) => 20 * (1 + second / 1_200) },
    verdict: 'failed',
    told: [
      unwatched,
      ['latency', 'failed', starting('p50 rises by 39.* from 20.* ms to 29.* ms; p95 rises by 3.*')],
      allAnswered,
    ],
  },
  {
    title: 'a server that becomes faster, which is told',
    run: { latencyMs: (second) => 30 - second / 60 },
    verdict: 'inconclusive',
    told: [unwatched, ['latency', 'passed', starting('p50 falls by ')], allAnswered],
  },
  {
    title: 'half a millisecond more, which is nothing',
    run: { latencyMs: (second) => 1 + second / 1_200 },
    verdict: 'inconclusive',
    told: [unwatched, ['latency', 'passed', starting('p50 steady')], allAnswered],
  },
  {
    title: 'a server that answers less and less of what is due',
    run: { failed: (second) => Math.floor(second / 30) },
    verdict: 'failed',
    told: [
      unwatched,
      ['latency', 'passed', starting('p50 steady')],
      ['throughput', 'failed', starting('answered of what was due: falls by 4')],
    ],
  },
  {
    title: 'users who get less and less done',
    run: { model: 'closed', requests: (second) => 50 - Math.floor(second / 30) },
    verdict: 'failed',
    told: [
      unwatched,
      ['latency', 'passed', starting('p50 steady')],
      ['throughput', 'failed', starting('falls by 4.* from 50.*/s to 30.*/s')],
    ],
  },
  {
    title: 'a server that fails a third of its requests from minute six on',
    run: { failed: (second) => (second < 360 ? 0 : 17) },
    verdict: 'failed',
    told: [
      unwatched,
      ['latency', 'passed', starting('p50 steady')],
      [
        'throughput',
        'failed',
        'answered of what was due: drops by 34.0 % (-34 % to -34 %) over 9m45s, from 100 % to 66.0 %',
      ],
    ],
  },
  {
    title: 'a server that is ten times as slow from minute six on',
    run: { latencyMs: (second) => (second < 360 ? 10.03125 : 100.25) },
    verdict: 'failed',
    told: [
      unwatched,
      [
        'latency',
        'failed',
        'p50 jumps up by 899.4 % (+899 % to +899 %) over 9m45s, from 10.0 ms to 100 ms; p95 jumps up by 899.4 % (+899 % to +899 %) over 9m45s, from 10.0 ms to 100 ms',
      ],
      allAnswered,
    ],
  },
  {
    title: 'a server that dies near the end',
    run: { failed: (second) => (second < 555 ? 0 : 50) },
    verdict: 'failed',
    told: [
      unwatched,
      ['latency', 'passed', starting('p50 steady')],
      [
        'throughput',
        'failed',
        'no request was answered well from 9m15s on, up to the end at 10m; before, answered of what was due: steady at 100 % over 9m45s: a change of 10.0 % would have been seen',
      ],
    ],
  },
  {
    title: 'users who are answered no more near the end',
    run: { model: 'closed', requests: (second) => (second < 555 ? 50 : 0) },
    verdict: 'failed',
    told: [
      unwatched,
      ['latency', 'passed', starting('p50 steady')],
      ['throughput', 'failed', starting('no request was answered well from 9m15s on, up to the end at 10m; before, ')],
    ],
  },
  {
    title: 'arrivals so rare that the last windows had none',
    run: { requests: (second) => (second < 555 ? 50 : 0) },
    verdict: 'inconclusive',
    told: [unwatched, ['latency', 'passed', starting('p50 steady')], ['throughput', 'passed', starting('answered')]],
  },
  {
    title: 'a server that takes more memory than it may, and leaks none',
    run: { resources: [server()] },
    question: { limitMb: 90 },
    verdict: 'failed',
    told: [
      ['leak', 'failed', 'memory was up to 99.3 MB, and 90.0 MB are allowed; no leak of 0.5 MB/min or more over 10m'],
      ['handles', 'passed', starting('no leak')],
      noLatencyDrift,
      allAnswered,
    ],
  },
  {
    title: 'a load whose books do not balance',
    run: { change: ({ accounting }) => void accounting.push('3 started, but 2 ok') },
    verdict: 'invalid',
    told: ['leak', 'latency', 'throughput'].map((what): Told => [
      what,
      'invalid',
      'the load is invalid: the accounting does not add up: 3 started, but 2 ok',
    ]),
  },
  {
    title: 'a server that is not there',
    run: { seconds: 2, failed: () => 50, resources: [server({ seconds: 2 })] },
    verdict: 'invalid',
    told: ['leak', 'handles', 'latency', 'throughput'].map((what): Told => [
      what,
      'invalid',
      'none of 100 requests was answered well: there was no server to soak',
    ]),
  },
  {
    title: 'a load that was stopped',
    run: { plannedS: 1_200, stopped: 'errorRate is 60 %' },
    verdict: 'invalid',
    told: ['leak', 'latency', 'throughput'].map((what): Told => [
      what,
      'invalid',
      'the load was stopped after 10m: errorRate is 60 %',
    ]),
  },
  {
    title: 'a leak that showed before the load was stopped',
    run: { plannedS: 1_200, stopped: 'errorRate is 60 %', resources: [server({ mbPerMin: 3 })] },
    verdict: 'failed',
    told: [
      ['leak', 'failed', starting('leak of 3.0 MB/min')],
      ...['handles', 'latency', 'throughput'].map((what): Told => [
        what,
        'invalid',
        'the load was stopped after 10m: errorRate is 60 %',
      ]),
    ],
  },
  {
    title: 'a generator that could not keep up, which says nothing against memory',
    run: { generator: busy, whenSaturated: 'invalid', resources: [server()] },
    verdict: 'invalid',
    told: [
      ['leak', 'passed', starting('no leak')],
      ['handles', 'passed', starting('no leak')],
      ['latency', 'invalid', starting('its own generator could not keep up: its event loop was')],
      ['throughput', 'invalid', starting('its own generator could not keep up')],
    ],
  },
  {
    title: 'the same where that is only noted',
    run: { generator: busy },
    verdict: 'inconclusive',
    told: [unwatched, noLatencyDrift, allAnswered],
  },
];
for (const { title, run, question, verdict, told } of cases) {
  test(`a soak: ${title}`, async () => {
    const laboratory = laboratoryOf([madeRun({ ...steady, latencyMs: () => 10.03125, ...run })]);
    const asked: SoakQuestion = { profile: arrivals('50/s').for('10m'), ...question };
    const found = await soak(laboratory, asked, { scenario: async () => undefined, options: {} });
    expect(
      laboratory.told.map(({ kind, name, ...finding }) => [name ?? kind, finding.verdict, finding.sentence]),
    ).toEqual(told);
    expect(found.verdict).toBe(verdict);
  });
}
