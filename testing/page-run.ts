/**
 * A run for the tests of whatever shows runs: measured by the real recorder from a seeded stream of requests with a
 * stall, a burst of errors and a tail, the same on every machine.
 */
import { seededRandom, standardNormal } from '../load/random.ts';
import type { GeneratorSecond } from '../load/measure/generator-series.ts';
import type { HttpSample } from '../load/measure/samples/http.ts';
import { Recorder } from '../load/measure/recorder.ts';
import type { ResourceSample } from '../load/measure/resource-series.ts';
import type { RunData } from '../load/measure/run-data.ts';
import { figuresOf, type Summary, summarySchema } from '../load/measure/summary.ts';
import { runIdOf } from '../load/measure/run-id.ts';
import type { Threshold } from '../load/measure/threshold.ts';
import { runEvents } from '../load/verdict/events.ts';
import { judgeRun } from '../load/verdict/judge.ts';
import { worstVerdict } from '../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reporters/reported-run.ts';

export interface SampleOptions {
  readonly seconds?: number;
  readonly warmUpSeconds?: number;
  readonly perSecond?: number;
  readonly endpoints?: readonly string[];
  readonly model?: 'open' | 'closed';
  readonly seed?: number;
  /** Text put where a run's own words go: errors, headers, bodies, checks. */
  readonly words?: string;
  readonly thresholds?: readonly Threshold[];
  /** Everything besides requests: checks, groups, custom metrics, processes. */
  readonly extras?: boolean;
}

export const sampleEndpoints = [
  'GET /api/v1/health',
  'GET /api/v1/config',
  'POST /api/v1/workflows',
  'GET /api/v1/workflows/:id',
  'DELETE /api/v1/workflows/:id',
];

const sampleThresholds: Threshold[] = [
  {
    scope: { kind: 'run' },
    metric: 'p95',
    target: { comparison: '<', value: 60, text: '< 60ms' },
    acceptable: { comparison: '<', value: 400, text: '< 400ms' },
  },
  { scope: { kind: 'run' }, metric: 'successRate', target: { comparison: '>', value: 0.9, text: '> 90%' } },
  { scope: { kind: 'run' }, metric: 'dropped', target: { comparison: '<', value: 100, text: '< 100' } },
];

export function sampleRun(options: SampleOptions = {}): RunData {
  const { seconds = 60, warmUpSeconds = 5, perSecond = 80, endpoints = sampleEndpoints } = options;
  const { model = 'open', seed = 7, words = 'connect ECONNREFUSED 127.0.0.1:8002', extras = true } = options;
  const random = seededRandom(seed);
  const recorder = new Recorder({
    plan: {
      index: 0,
      profile: model === 'open' ? `${perSecond}/s for ${seconds}s` : `12 users for ${seconds}s`,
      model,
      warmUpMs: warmUpSeconds * 1_000,
      plannedMs: seconds * 1_000,
      ...(model === 'open' && {
        askedRate: [
          { atMs: -warmUpSeconds * 1_000, perSec: perSecond },
          { atMs: seconds * 1_000, perSec: perSecond },
        ],
      }),
      apdexMs: 50,
      whenSaturated: 'invalid',
    },
  });
  const zeroMs = warmUpSeconds * 1_000;
  recorder.begin(zeroMs);
  for (let user = 0; model === 'closed' && user < 12; user++) recorder.userCount(1, 0);
  for (let second = -warmUpSeconds; second < seconds; second++) {
    recorder.tick(zeroMs + second * 1_000);
    for (let at = 0; at < perSecond; at++) {
      const dueMs = zeroMs + (second + at / perSecond) * 1_000;
      request({ recorder, random, dueMs, zeroMs, seconds, endpoints, words, open: model === 'open' });
    }
  }
  const run = recorder.data;
  if (extras) addExtras(recorder, { seconds, random, words });
  recorder.finish();
  run.thresholds.push(...(options.thresholds ?? sampleThresholds));
  run.segments.push({
    runId: 'sample',
    index: 0,
    of: 1,
    startedAtEpochMs: Date.UTC(2026, 0, 5, 9, 30),
    durationMs: Math.max(recorder.lastEndMs - zeroMs, 0),
    generator: extras ? generatorSeconds(seconds, warmUpSeconds, random) : [],
    pid: 4_242,
  });
  return run;
}

/** A run as the reporter hands it to whatever shows it. */
export function sampleReport(
  data: RunData,
  title: readonly string[] = ['load.spec.ts', 'workflows hold 80 a second'],
): ReportedRun {
  const judgement = judgeRun(data);
  const events = runEvents(data, judgement);
  const summary = {
    id: runIdOf({ project: 'load', title }),
    title,
    file: 'specs/load.spec.ts',
    line: 12,
    project: 'load',
    tags: ['@performance'],
    ...figuresOf(data),
    verdict: judgement.verdict,
    reason: judgement.reason,
    thresholds: judgement.thresholds,
    generator: judgement.generator,
    ...(events.length > 0 && { events }),
  };
  return { data, judgement, summary };
}

export function sampleSummary(runs: readonly ReportedRun[]): Summary {
  return {
    schema: summarySchema,
    verdict: worstVerdict(runs.map(({ judgement }) => judgement.verdict)),
    startedAt: '2026-01-05T09:29:58.000Z',
    durationMs: 66_000,
    segments: { expected: 1, present: [1] },
    environment: { node: 'v20.20.2', os: 'linux 6.1', cpu: 'Sample CPU', cores: 2, commit: '0123456789abcdef' },
    runs: runs.map(({ summary }) => summary),
  };
}

interface RequestParts {
  readonly recorder: Recorder;
  readonly random: () => number;
  readonly dueMs: number;
  readonly zeroMs: number;
  readonly seconds: number;
  readonly endpoints: readonly string[];
  readonly words: string;
  readonly open: boolean;
}

function request({ recorder, random, dueMs, zeroMs, seconds, endpoints, words, open }: RequestParts): void {
  const warmUp = dueMs < zeroMs;
  const share = (dueMs - zeroMs) / (seconds * 1_000);
  const which = Math.floor(random() ** 1.6 * endpoints.length);
  const name = endpoints[which] ?? 'GET /';
  if (open) recorder.arrivalDue(dueMs, warmUp);
  if (open && !warmUp && share > 0.62 && share < 0.64 && random() < 0.3) {
    recorder.dropped(dueMs, warmUp);
    return;
  }
  const lagMs = 0.2 + random() * 0.6;
  const iteration = { warmUp, dueMs };
  const calledAtMs = dueMs + lagMs;
  recorder.iterationStarted(iteration, calledAtMs);
  recorder.requestStarted(iteration, calledAtMs);
  const stallMs = share > 0.6 && share < 0.65 ? 1_500 * (0.65 - share) * 20 : 0;
  const waitingMs = (4 + which * 3) * Math.exp(0.45 * standardNormal(random)) * (warmUp ? 2 : 1) + stallMs;
  const fails = share > 0.6 && share < 0.7 && random() < 0.12;
  const refused = fails && random() < 0.4;
  const fresh = random() < 0.04;
  recorder.requestEnded(
    sampleRequest({ name, calledAtMs, waitingMs, fresh, status: refused ? undefined : fails ? 503 : 200, words }),
    iteration,
  );
  recorder.iterationEnded(iteration, 'ok');
}

function sampleRequest(parts: {
  readonly name: string;
  readonly calledAtMs: number;
  readonly waitingMs: number;
  readonly fresh: boolean;
  readonly status: number | undefined;
  readonly words: string;
}): HttpSample {
  const { name, calledAtMs, waitingMs, fresh, status, words } = parts;
  const sentAtMs = calledAtMs + (fresh ? 0.9 : 0.05);
  return {
    kind: 'http',
    method: name.split(' ')[0] ?? 'GET',
    url: `http://127.0.0.1:8002${name.split(' ')[1] ?? '/'}?token=secret&words=${encodeURIComponent(words).slice(0, 200)}`,
    name,
    calledAtMs,
    sentAtMs,
    endedAtMs: sentAtMs + waitingMs + 0.4,
    status,
    bytesSent: 180,
    bytesReceived: 640,
    failure: status === undefined ? { kind: 'refused', code: 'ECONNREFUSED', message: words } : undefined,
    dnsMs: fresh ? 0.2 : undefined,
    connectMs: fresh ? 0.7 : undefined,
    tlsMs: undefined,
    waitingMs,
    receivingMs: 0.4,
    details: () => ({
      requestHeaders: { accept: 'application/json', authorization: 'Bearer secret', 'x-words': words },
      requestBody: undefined,
      responseHeaders: { 'content-type': 'application/json' },
      responseBody: JSON.stringify({ status: 'ok', words }),
    }),
  };
}

function addExtras(
  recorder: Recorder,
  { seconds, random, words }: { seconds: number; random: () => number; words: string },
): void {
  for (let at = 0; at < 200; at++) {
    recorder.check('workflow is accepted', at % 67 !== 0, false);
    recorder.check('answer names the instance', true, false);
    recorder.groupEnded(recorder.groupStarted('sign in, then create', false), 40 + 30 * random(), 'ok');
    recorder.data.metrics.trend('tokens per answer', 200 + 900 * random());
    recorder.data.metrics.rate(`cache hit (${words.slice(0, 30)})`, random() < 0.8);
    recorder.data.metrics.gauge('queue depth', Math.round(20 * random()), at * 100);
    recorder.data.metrics.count('orders', 1);
  }
  const samples: ResourceSample[] = Array.from({ length: seconds + 10 }, (_, at) => {
    const atMs = (at - 5) * 1_000;
    const phase = at < 5 ? 'baseline' : at < seconds + 5 ? 'load' : 'after';
    const busy = phase === 'load' ? 45 + 20 * random() : 1;
    return {
      atMs,
      rssMb: 58 + (phase === 'baseline' ? 0 : 22 * Math.min(1, at / 20)) + random(),
      cpuPercent: busy,
      phase,
    };
  });
  recorder.data.resources.push({ name: 'server', pid: 1_234, cores: 2, samples });
}

function generatorSeconds(seconds: number, warmUpSeconds: number, random: () => number): GeneratorSecond[] {
  return Array.from({ length: seconds + warmUpSeconds }, (_, at) => ({
    second: at - warmUpSeconds,
    elu: 0.2 + 0.15 * random(),
    cpuPercent: 28 + 10 * random(),
    rssMb: 110 + 10 * random(),
    waitPercent: 1,
    psiPercent: 2,
    throttled: 0,
    gcMs: 2,
  }));
}
