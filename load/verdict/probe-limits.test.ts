import { expect } from '@playwright/test';
import { madeRun } from '../../testing/made-run.ts';
import { test } from '../../testing/plain-test.ts';
import { emptyProbe, type ProbeRound } from '../measure/probe-data.ts';
import { probeWords } from '../measure/probe-words.ts';
import { summarizeProbe } from '../measure/probe-summary.ts';
import type { RunData } from '../measure/run-data.ts';
import { describeThreshold } from './judged-threshold.ts';
import { judgeRun, judgeThreshold } from './judge.ts';
import { parseLimits, wholeRun } from './parse-limits.ts';

const round = (phase: ProbeRound['phase'], ms: number, more: Partial<ProbeRound> = {}): ProbeRound => ({
  atMs: phase === 'idle' ? -1_000 : 1_000,
  phase,
  vitals: { lcp: ms, cls: 0.02, ttfb: 10 },
  actions: { pay: ms - 300, 'a.b': 7 },
  ms: 2 * ms,
  controlMs: 100,
  ...more,
});
const idle = [400, 420, 440].map((ms) => round('idle', ms));
const load = [700, 730, 900].map((ms) => round('load', ms));

interface Page {
  readonly rounds?: readonly ProbeRound[];
  readonly limits?: object;
  readonly plan?: Partial<RunData['plan']>;
}

function runWith({ rounds = [...idle, ...load], limits = {}, plan = {} }: Page): RunData {
  const made = madeRun({
    ...{ model: 'closed', seconds: 5, whenSaturated: 'invalid' },
    change: ({ iterations, iterationMs }) => {
      iterations.started = 1;
      iterationMs.recordMs(10);
    },
  });
  const data = { ...made, plan: { ...made.plan, ...plan } };
  data.probes.set('shop', { ...emptyProbe(5_000), rounds: [...rounds] });
  data.thresholds.push(...parseLimits({ successRate: '100%' }, wholeRun(data.plan)));
  if (Object.keys(limits).length > 0) data.thresholds.push(...parse(limits));
  return data;
}

function parse(limits: object) {
  return parseLimits(limits, { scope: { kind: 'probe', name: 'shop' }, model: 'closed', apdexGiven: false });
}

interface Judged {
  readonly limits: object;
  readonly verdict: string;
  readonly actual: number | undefined;
}

const judged: readonly Judged[] = [
  { limits: { lcp: { p75: '< 1s' } }, verdict: 'passed', actual: 900 },
  { limits: { lcp: { p50: '< 730ms' } }, verdict: 'failed', actual: 730 },
  { limits: { lcp: { min: '> 650ms' } }, verdict: 'passed', actual: 700 },
  { limits: { cls: { max: '< 0.1' } }, verdict: 'passed', actual: 0.02 },
  { limits: { inp: { p75: '< 200ms' } }, verdict: 'failed', actual: undefined }, // no interaction
  { limits: { actions: { pay: { p95: '< 601ms' } } }, verdict: 'passed', actual: 600 },
  { limits: { actions: { 'a.b': { max: '< 8ms' } } }, verdict: 'passed', actual: 7 },
  { limits: { actions: { toString: { max: '< 8ms' } } }, verdict: 'failed', actual: undefined }, // no such action
  { limits: { added: { lcp: '< 300ms' } }, verdict: 'failed', actual: 310 },
  { limits: { added: { cls: '<= 0' } }, verdict: 'passed', actual: 0 },
  {
    limits: { added: { actions: { pay: { target: '< 300ms', acceptable: '< 311ms' } } } },
    verdict: 'acceptable',
    actual: 310,
  },
  { limits: { failedRounds: '0' }, verdict: 'passed', actual: 0 },
];
for (const { limits, verdict, actual } of judged)
  test(`${JSON.stringify(limits)} is ${verdict} by ${actual}`, () => {
    const run = runWith({});
    const [threshold] = parse(limits);
    if (threshold === undefined) throw new Error('no threshold');
    expect(judgeThreshold(run, threshold)).toMatchObject({
      scope: 'page "shop"',
      verdict,
      ...(actual !== undefined && { actual }),
    });
  });

const unknown = [
  { limits: { fcp: { p75: '< 1s' } }, says: '`fcp.p75` is no metric of a page beside a load; known are lcp.*, inp.*' },
  { limits: { lcp: { p99: '< 1s' } }, says: '`lcp.p99` is no metric' },
  { limits: { added: { fcp: '< 1s' } }, says: '`added.fcp` is no metric' },
  { limits: { lcp: { p75: '2s' } }, says: '`lcp.p75` must be a limit such as `< 100ms` or `<= 1.5s`, got "2s"' },
  { limits: { cls: { p75: '< 1ms' } }, says: '`cls.p75` must be a limit such as `> 0.9` or `<= 12`' },
];
for (const { limits, says } of unknown)
  test(`sad: ${JSON.stringify(limits)} is refused`, () => {
    expect(() => parse(limits)).toThrow(says);
  });

const verdicts: readonly (Page & { readonly title: string; readonly says: string })[] = [
  {
    title: 'a page that is as it was asked for',
    limits: { lcp: { p75: '< 1s' } },
    says: 'passed: all 2 thresholds met',
  },
  { title: 'a page of which nothing is asked', says: 'passed: its threshold is met' },
  {
    title: 'sad: a round that failed, of which nothing is said',
    rounds: [...idle, ...load, round('load', 1, { failure: 'the page crashed' })],
    says: 'failed: 1 failed round on page "shop" (none allowed): 1 × the page crashed',
  },
  {
    title: 'one that failed and may',
    rounds: [...idle, ...load, round('load', 1, { failure: 'the page crashed' })],
    limits: { failedRounds: '< 2' },
    says: 'passed: all 2 thresholds met',
  },
  {
    title: 'sad: no round under load',
    rounds: idle,
    limits: { added: { lcp: '< 1s' } },
    says: 'failed: page "shop" added.lcp no data (limit < 1s)',
  },
  {
    title: 'sad: a machine that slows down a static page by a fifth and more',
    rounds: [...idle, ...load.map((each) => ({ ...each, controlMs: 121 }))],
    says: 'invalid: the machine slowed down the page "shop", so its figures say nothing of the server: a static page beside it, which asks no server for anything, took 21 % longer under load (20 % are allowed)',
  },
  {
    title: 'boundary: by a fifth',
    rounds: [...idle, ...load.map((each) => ({ ...each, controlMs: 120 }))],
    says: 'passed',
  },
  {
    title: 'such a machine, where it is only to be told',
    rounds: [...idle, ...load.map((each) => ({ ...each, controlMs: 121 }))],
    plan: { whenSaturated: 'warn' },
    says: 'passed',
  },
  {
    title: 'sad: a machine that was busy before the load, where it is asked what that added',
    rounds: [...idle, ...load.map((each) => ({ ...each, controlMs: 80 }))],
    limits: { added: { lcp: '< 1s' } },
    says: 'invalid: the machine was busy before the load, so what the load added to the page "shop" is told too small: a static page beside it, which asks no server for anything, took 25 % longer before it',
  },
  {
    title: 'one that was busy before, where that is not asked',
    rounds: [...idle, ...load.map((each) => ({ ...each, controlMs: 80 }))],
    limits: { lcp: { p75: '< 1s' } },
    says: 'passed',
  },
  {
    title: 'played once: nothing is judged that is time',
    limits: { lcp: { p75: '< 1ms' }, added: { lcp: '< 1ms' } },
    plan: { once: true },
    says: 'passed: once: its threshold is met; 2 not judged',
  },
  {
    title: 'sad: played once, a round that failed, whatever a load may have of them',
    rounds: [...idle, round('load', 1, { failure: 'no such button' })],
    limits: { failedRounds: '< 5' },
    plan: { once: true },
    says: 'failed: once: 1 failed round on page "shop" (none allowed): 1 × no such button',
  },
  {
    title: 'sad: only measured, a round that failed',
    rounds: [...idle, round('load', 1, { failure: 'no such button' })],
    plan: { unjudged: true },
    says: 'failed: 1 failed round on page "shop" (none allowed): 1 × no such button',
  },
];
for (const { title, says, ...page } of verdicts)
  test(`verdict: ${title}`, () => {
    const { verdict, reason } = judgeRun(runWith(page));
    expect(`${verdict}: ${reason}`).toContain(says);
  });

test('a missed limit is told with its page', () => {
  const run = runWith({ limits: { actions: { pay: { max: '< 500ms' } } } });
  expect(judgeRun(run).thresholds.map(describeThreshold)).toContain(
    'page "shop" actions.pay.max 600 ms (limit < 500ms)',
  );
});

const words = [
  {
    rounds: [...idle, ...load],
    says: 'page "shop": LCP 420 → 730 ms (+310), CLS 0.02 → 0.02 (+0), TTFB 10.0 → 10.0 ms (+0), pay 120 → 430 ms (+310), a.b 7.00 → 7.00 ms (+0), control +0 %',
  },
  {
    rounds: [round('idle', 980, { controlMs: 50 }), round('load', 2_480, { controlMs: 48 })],
    says: 'LCP 980 ms → 2.48 s (+1.50 s)',
  },
  { rounds: [round('idle', 980, { controlMs: 50 }), round('load', 900, { controlMs: 48 })], says: '(−80.0), CLS' },
  { rounds: [round('idle', 980, { controlMs: 50 }), round('load', 900, { controlMs: 48 })], says: 'control −4 %' },
  { rounds: idle, says: 'LCP 420 ms → no data' },
  { rounds: idle, says: 'no round under load' },
  { rounds: [...idle, round('load', 1, { failure: 'no' })], says: '1 of 4 rounds failed' },
];
for (const { rounds, says } of words)
  test(`in words: ${says}`, () => {
    expect(probeWords(summarizeProbe('shop', { ...emptyProbe(5_000), rounds }))).toContain(says);
  });
