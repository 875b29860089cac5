/**
 * What `load.breakingPoint` makes of its steps: which of them say something of the server, and what is said of the
 * rest.
 */
import { expect } from '@playwright/test';
import { type Made, madeRun } from '../../testing/made-run.ts';
import { test } from '../../testing/plain-test.ts';
import { LoadRun } from '../load-run.ts';
import type { Finding } from '../measure/finding.ts';
import type { RunData } from '../measure/run-data.ts';
import { stopReasons } from '../measure/stop-reason.ts';
import { type BreakingPointQuestion, findBreakingPoint } from './breaking-point.ts';
import type { Laboratory } from './experiment.ts';

const question = { slo: { p95: '< 100ms' }, from: '50/s', to: '100/s', confirmations: 0 } as const;

function stopped(reason: string) {
  return (data: RunData): void => {
    data.segments.splice(0, 1, ...data.segments.map((segment) => ({ ...segment, stopped: reason })));
  };
}

function thrown(count: number) {
  return (data: RunData): void => {
    data.exceptions = count;
    data.iterations.started = 100;
    data.errors.set('x', { kind: 'exception', endpoint: 'scenario', count, sample: 'Error: mine' });
  };
}

function short(data: RunData): void {
  data.errors.set('x', { kind: 'EMFILE', endpoint: 'GET /', count: 60, sample: 'EMFILE' });
}

/** `at`: the level. Two seconds of so many requests. */
async function searched(stepAt: (level: number) => Partial<Made>, more: Partial<BreakingPointQuestion> = {}) {
  const told: Finding[] = [];
  const levels: number[] = [];
  const laboratory: Laboratory = {
    once: () => false,
    load: async (profile, _scenario, { unjudged = false }, { isStep } = {}) => {
      const level = Number.parseFloat(profile.describe());
      levels.push(level);
      const made = { model: 'open', seconds: 2, requests: () => level, ...stepAt(level) } as const;
      const data = madeRun(made, levels.length - 1);
      for (const { response } of data.endpoints.values())
        for (let at = 0; at < data.counts.ok; at += 1) response.recordMs(10);
      const plan = { ...data.plan, unjudged, ...(isStep && { isStep }) };
      return Promise.resolve(new LoadRun({ ...data, plan }));
    },
    tell: (finding) => void told.push(finding),
    step: async (_, body) => body(),
  };
  const asked = { ...question, ...more } as BreakingPointQuestion;
  await findBreakingPoint(laboratory, asked, { scenario: () => undefined, options: {} });
  return { levels, told };
}

const from80 = (made: Partial<Made>) => (level: number) => (level >= 80 ? made : {});

const rows: {
  readonly title: string;
  readonly stepAt: (level: number) => Partial<Made>;
  readonly more?: Partial<BreakingPointQuestion>;
  readonly levels: readonly number[];
  readonly verdict: Finding['verdict'];
  readonly sentence: string;
}[] = [
  {
    title: 'a server that holds',
    stepAt: () => ({}),
    levels: [50, 100],
    verdict: 'measured',
    sentence: 'sustains 100/s (1 of 1), the highest rate asked for',
  },
  {
    title: 'a scenario that sends nothing',
    stepAt: () => ({ requests: () => 0 }),
    levels: [50],
    verdict: 'invalid',
    sentence: 'stopped: the load at 50.0/s sent no request',
  },
  {
    title: 'a scenario that throws before it sends',
    stepAt: () => ({ requests: () => 0, change: thrown(100) }),
    levels: [50],
    verdict: 'invalid',
    sentence: 'stopped: the load at 50.0/s sent no request (100 × Error: mine)',
  },
  {
    title: 'a load that was interrupted, whatever held before',
    stepAt: from80({ change: stopped(stopReasons.interrupted) }),
    more: { atLeast: '50/s' },
    levels: [50, 100],
    verdict: 'invalid',
    sentence:
      'stopped: the load at 100/s is incomplete: the run was interrupted before its end; sustains 50.0/s (1 of 1)',
  },
  {
    title: 'a feeder that ran dry',
    stepAt: from80({ change: stopped(stopReasons.dry) }),
    levels: [50, 100],
    verdict: 'invalid',
    sentence: 'stopped: the load at 100/s was stopped: the feeder ran dry; sustains 50.0/s (1 of 1)',
  },
  {
    title: 'books that do not balance',
    stepAt: () => ({ change: (data) => void data.accounting.push('3 started, but 2 ok') }),
    levels: [50],
    verdict: 'invalid',
    sentence: 'stopped: the load at 50.0/s is invalid: the accounting does not add up: 3 started, but 2 ok',
  },
  {
    title: 'a wrong answer that only the scenario sees',
    stepAt: from80({ change: thrown(3) }),
    more: { tolerance: 1.5 },
    levels: [50, 100, 100, 70.7],
    verdict: 'measured',
    sentence: 'sustains 70.7/s (1 of 1), fails 100/s (0 of 2), first by errors (3 × Error: mine)',
  },
  {
    title: 'a scenario that throws after bad answers, as many as may be',
    stepAt: () => ({ failed: (second) => second, change: thrown(1) }),
    levels: [50, 100],
    verdict: 'measured',
    sentence: 'sustains 100/s (1 of 1), the highest rate asked for',
  },
  {
    title: 'exceptions that the SLO allows',
    stepAt: () => ({ change: thrown(3) }),
    more: { slo: { p95: '< 100ms', exceptions: '< 10' } },
    levels: [50, 100],
    verdict: 'measured',
    sentence: 'sustains 100/s (1 of 1), the highest rate asked for',
  },
  {
    title: 'checks that fail',
    stepAt: from80({ change: (data) => void data.checks.set('is a list', { passed: 100, failed: 100 }) }),
    more: { tolerance: 1.5 },
    levels: [50, 100, 100, 70.7],
    verdict: 'measured',
    sentence: 'sustains 70.7/s (1 of 1), fails 100/s (0 of 2), first by errors',
  },
  {
    title: 'a step that was given up',
    stepAt: from80({ change: stopped('`abortOn` was met: p50 > 5ms') }),
    more: { tolerance: 1.5 },
    levels: [50, 100, 100, 70.7],
    verdict: 'measured',
    sentence: 'sustains 70.7/s (1 of 1), fails 100/s (0 of 2), first by objective',
  },
  {
    title: 'a machine without file handles, which is no server',
    stepAt: from80({ failed: () => 30, change: short }),
    levels: [50, 100, 100],
    verdict: 'measured',
    sentence:
      "sustains at least 50.0/s (1 of 1); the generator gave out at 100/s: the load generator's machine ran out of file handles (60 × EMFILE): raise `ulimit -n`, or let connections be reused",
  },
  {
    title: 'so few requests that a p95 is luck, of which something was asked',
    stepAt: () => ({}),
    more: { from: '4/s', to: '4/s', atLeast: '4/s' },
    levels: [4],
    verdict: 'invalid',
    sentence:
      'sustains 4.00/s (1 of 1), the highest rate asked for; that rests on 8 requests in all, and a p95 needs 20: take a longer `step`',
  },
];
for (const { title, stepAt, more, levels, verdict, sentence } of rows) {
  test(`${title}: ${verdict}`, async () => {
    const { levels: asked, told } = await searched(stepAt, more);
    expect(asked).toEqual(levels);
    expect(told).toMatchObject([{ verdict, sentence, runs: asked.map((_, at) => at) }]);
  });
}
