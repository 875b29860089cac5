import { expect, test } from '@playwright/test';
import {
  breakingPointSearch,
  describeBreakingPoint,
  type BreakingPoint,
  type BreakingPointOptions,
} from './breaking-point.ts';
import { defaultObjective, judgeStep, type StepOutcome } from './load-step.ts';
import { quantile } from './statistics/quantile.ts';
import { type Random, seededRandom } from '../random.ts';

type Options = Parameters<typeof breakingPointSearch>[0];

const sustained: StepOutcome = { kind: 'sustained' };
const broken: StepOutcome = { kind: 'broken', by: ['p95'] };
const bound: StepOutcome = { kind: 'generator-bound', reason: 'event loop 97 % busy' };

/** Runs a search to its end and lists the rates it asked for. */
function searching(
  options: Options,
  outcomeAt: (rate: number, tryNumber: number) => StepOutcome,
): { rates: number[]; result: BreakingPoint } {
  const search = breakingPointSearch(options);
  const rates: number[] = [];
  for (let next = search.next(); ; next = search.next()) {
    if (next.kind === 'done') return { rates, result: next.result };
    rates.push(next.rate);
    search.report(outcomeAt(next.rate, rates.length));
  }
}

const below = (limit: number) => (rate: number) => (rate <= limit ? sustained : broken);

test('it doubles until a rate fails twice, halves the gap in proportion, and confirms what held', () => {
  const { rates, result } = searching({ startRate: 100, maxRate: 10_000 }, below(900));
  expect(rates).toEqual([100, 200, 400, 800, 1_600, 1_600, 1_130, 1_130, 951, 951, 872, 872, 872, 872]);
  expect(result).toEqual({
    kind: 'found',
    sustains: { rate: 872, held: 4, tries: 4 },
    fails: { rate: 951, held: 0, tries: 2 },
    firstBroken: ['p95'],
  });
  expect(describeBreakingPoint(result)).toBe('sustains 872/s (4 of 4), fails 951/s (0 of 2), first by p95');
});

const endings: {
  title: string;
  options: Options;
  outcomeAt: (rate: number, tryNumber: number) => StepOutcome;
  result: Record<string, unknown>;
  text: string;
}[] = [
  {
    title: 'a server that holds everything asked for',
    options: { startRate: 300, maxRate: 1_234 },
    outcomeAt: () => sustained,
    result: { kind: 'not-reached', sustains: { rate: 1_234, held: 4, tries: 4 } },
    text: 'sustains 1,234/s (4 of 4), the highest rate asked for',
  },
  {
    title: 'a server slower than the first rate',
    options: { startRate: 100, maxRate: 1_000, confirmations: 0 },
    outcomeAt: below(30),
    result: { kind: 'found', sustains: { rate: 29.7, held: 1, tries: 1 }, fails: { rate: 32.4, held: 0, tries: 2 } },
    text: 'sustains 29.7/s (1 of 1), fails 32.4/s (0 of 2), first by p95',
  },
  {
    title: 'a server that holds nothing',
    options: { startRate: 4, maxRate: 100 },
    outcomeAt: () => ({ kind: 'broken', by: ['errors', 'completion'] }),
    result: { kind: 'never-sustained', fails: { rate: 1, held: 0, tries: 2 }, firstBroken: ['errors', 'completion'] },
    text: 'fails even 1.00/s (0 of 2), first by errors and completion',
  },
  {
    title: 'a generator that gives out first',
    options: { startRate: 1_000, maxRate: 64_000 },
    outcomeAt: (rate) => (rate > 4_000 ? bound : sustained),
    result: {
      kind: 'generator-bound',
      atRate: 8_000,
      reason: 'event loop 97 % busy',
      sustains: { rate: 4_000, held: 1, tries: 1 },
    },
    text: 'sustains at least 4,000/s (1 of 1); the generator gave out at 8,000/s: event loop 97 % busy',
  },
  {
    title: 'a generator that gives out at once',
    options: { startRate: 1_000, maxRate: 64_000 },
    outcomeAt: () => bound,
    result: { kind: 'generator-bound', atRate: 1_000, reason: 'event loop 97 % busy' },
    text: 'the generator gave out at 1,000/s: event loop 97 % busy',
  },
  {
    title: 'a generator that gives out while confirming',
    options: { startRate: 100, maxRate: 100 },
    outcomeAt: (_rate, tryNumber) => (tryNumber === 1 ? sustained : bound),
    result: { kind: 'generator-bound', atRate: 100, sustains: { rate: 100, held: 1, tries: 1 } },
    text: 'sustains at least 100/s (1 of 1); the generator gave out at 100/s: event loop 97 % busy',
  },
  {
    title: 'patience that ends early',
    options: { startRate: 100, maxRate: 10_000, maxSteps: 6 },
    outcomeAt: below(900),
    result: {
      kind: 'stopped',
      reason: '6 steps were not enough',
      sustains: { rate: 800, held: 1, tries: 1 },
      fails: { rate: 1_600, held: 0, tries: 2 },
    },
    text: 'stopped: 6 steps were not enough; sustains 800/s (1 of 1); fails 1,600/s (0 of 2)',
  },
];
for (const { title, options, outcomeAt, result, text } of endings) {
  test(`${title}: ${text}`, () => {
    const ended = searching(options, outcomeAt).result;
    expect(ended).toMatchObject(result);
    expect(describeBreakingPoint(ended)).toBe(text);
  });
}

test('a step that fails once and holds when repeated counts as held', () => {
  const { rates, result } = searching({ startRate: 100, maxRate: 400, confirmations: 0 }, (_rate, tryNumber) =>
    tryNumber === 2 ? broken : sustained,
  );
  expect(rates).toEqual([100, 200, 200, 400]);
  expect(result.kind).toBe('not-reached');
});

test('one hiccup of the generator is tried again', () => {
  const { result } = searching({ startRate: 100, maxRate: 400 }, (_rate, tryNumber) =>
    tryNumber === 2 || tryNumber === 5 ? bound : sustained,
  );
  expect(result.kind).toBe('not-reached');
});

test('a rate that held once by luck is given up for one that confirms', () => {
  const options = { startRate: 100, maxRate: 10_000, tolerance: 1.5 };
  const { rates, result } = searching(options, (rate, tryNumber) =>
    rate <= 760 || tryNumber === 4 ? sustained : broken,
  );
  expect(rates).toEqual([100, 200, 400, 800, 1_600, 1_600, 1_130, 1_130, 800, 800, 760, 760, 760]);
  expect(result).toMatchObject({
    kind: 'found',
    sustains: { rate: 760, held: 3, tries: 3 },
    fails: { rate: 800, held: 1, tries: 3 },
  });
});

test('once done it takes no more reports, and stopping changes nothing', () => {
  const search = breakingPointSearch({ startRate: 1, maxRate: 1, confirmations: 0 });
  search.report(sustained);
  search.stop('time is up');
  expect(search.next()).toMatchObject({ kind: 'done', result: { kind: 'not-reached' } });
  expect(() => search.report(sustained)).toThrow('the search is done: sustains 1.00/s (1 of 1)');
});

test('a first rate below one a second lowers the lowest rate with it', () => {
  const { result } = searching({ startRate: 0.5, maxRate: 8, confirmations: 0 }, below(3));
  expect(result).toMatchObject({ kind: 'found', sustains: { rate: 2.83 }, fails: { rate: 3.08 } });
});

test('it describes itself', () => {
  expect(breakingPointSearch({ startRate: 100, maxRate: 10_000 }).describe()).toBe(
    'from 100/s times 2 up to 10,000/s, narrowed to 10 %, confirmed 3 times',
  );
});

/**
 * Ten seconds of Poisson arrivals at one server with exponential service of mean 0.5 ms: Lindley's recursion, the
 * first two seconds discarded. Its response time is exponential with rate μ − λ, so p95 ≤ 20 ms up to λ = μ − ln 20 / 20 ms.
 */
function queueStep(rate: number, random: Random): StepOutcome {
  const exponential = (perMs: number): number => -Math.log(1 - random()) / perMs;
  const times: number[] = [];
  let waitMs = 0;
  for (let atMs = 0; atMs < 10_000;) {
    const gapMs = exponential(rate / 1_000);
    const serviceMs = exponential(2);
    atMs += gapMs;
    if (atMs > 2_000) times.push(waitMs + serviceMs);
    waitMs = Math.max(0, waitMs + serviceMs - gapMs);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const p95Ms = quantile(sorted, 0.95);
  const step = {
    rate,
    scheduled: times.length,
    completed: times.length,
    failed: 0,
    ...(p95Ms !== undefined && { p95Ms }),
  };
  return judgeStep(step, { ...defaultObjective, p95: '20ms' });
}

test('on a simulated queue it ends within a tenth of the true limit, in under thirty steps', () => {
  const truth = 2_000 - (1_000 * Math.log(20)) / 20;
  for (const seed of [1, 2, 3, 4, 5]) {
    const random = seededRandom(seed);
    const { rates, result } = searching({ startRate: 100, maxRate: 20_000 }, (rate) => queueStep(rate, random));
    expect(result.kind).toBe('found');
    if (result.kind !== 'found') continue;
    expect(result.sustains.rate / truth).toBeGreaterThan(0.88);
    expect(result.sustains.rate / truth).toBeLessThan(1.06);
    expect(rates.length).toBeLessThan(30);
  }
});

const wrong: { options: Partial<BreakingPointOptions>; problem: string }[] = [
  { options: { startRate: 0 }, problem: '`startRate` must be above 0, got 0' },
  { options: { maxRate: 50 }, problem: '`maxRate` must be at least `startRate`, got 50' },
  { options: { growth: 1 }, problem: '`growth` must be at least 1.05, got 1' },
  { options: { tolerance: NaN }, problem: '`tolerance` must be at least 1.01, got NaN' },
  { options: { confirmations: 1.5 }, problem: '`confirmations` must be a whole number from 0, got 1.5' },
  { options: { retreat: 1 }, problem: '`retreat` must be above 0 and at most 0.99, got 1' },
  { options: { maxSteps: 0 }, problem: '`maxSteps` must be a whole number above 0, got 0' },
];
for (const { options, problem } of wrong) {
  test(`says: ${problem}`, () => {
    expect(() => breakingPointSearch({ startRate: 100, maxRate: 1_000, ...options })).toThrow(problem);
  });
}

test('lists all problems at once', () => {
  expect(() => breakingPointSearch({ startRate: 100, maxRate: 10, growth: 0 })).toThrow('2 problems');
});
