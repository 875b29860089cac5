import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { type BreakingPoint, describeBreakingPoint } from './breaking-point.ts';
import { breakingPointSearch, type BreakingPointOptions } from './breaking-point-search.ts';
import { defaultObjective, judgeStep, type StepOutcome } from './load-step.ts';
import { quantile } from './statistics/quantile.ts';
import { type Random, seededRandom } from '../random.ts';

type Options = Parameters<typeof breakingPointSearch>[0];

const sustained: StepOutcome = { kind: 'sustained' };
const broken: StepOutcome = { kind: 'broken', by: ['latency'] };
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
    rates.push(next.level);
    search.report(outcomeAt(next.level, rates.length));
  }
}

const below = (limit: number) => (rate: number) => (rate <= limit ? sustained : broken);

test('it doubles until a rate fails twice, halves the gap in proportion, and confirms what held', () => {
  const { rates, result } = searching({ from: 100, to: 10_000 }, below(900));
  expect(rates).toEqual([100, 200, 400, 800, 1_600, 1_600, 1_130, 1_130, 951, 951, 872, 911, 911, 872, 872]);
  expect(result).toEqual({
    kind: 'found',
    sustains: { level: 872, held: 3, tries: 3 },
    fails: { level: 911, held: 0, tries: 2 },
    firstBroken: ['latency'],
  });
  expect(describeBreakingPoint(result)).toBe('sustains 872/s (3 of 3), fails 911/s (0 of 2), first by latency');
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
    options: { from: 300, to: 1_234 },
    outcomeAt: () => sustained,
    result: { kind: 'not-reached', sustains: { level: 1_234, held: 3, tries: 3 } },
    text: 'sustains 1,234/s (3 of 3), the highest rate asked for',
  },
  {
    title: 'a server slower than the first rate',
    options: { from: 100, to: 1_000, confirmations: 0 },
    outcomeAt: below(30),
    result: { kind: 'found', sustains: { level: 29.7, held: 1, tries: 1 }, fails: { level: 31, held: 0, tries: 2 } },
    text: 'sustains 29.7/s (1 of 1), fails 31.0/s (0 of 2), first by latency',
  },
  {
    title: 'a server that holds nothing',
    options: { from: 4, to: 100 },
    outcomeAt: () => ({ kind: 'broken', by: ['errors', 'backlog'] }),
    result: { kind: 'never-sustained', fails: { level: 1, held: 0, tries: 2 }, firstBroken: ['errors', 'backlog'] },
    text: 'fails even 1.00/s (0 of 2), first by errors and backlog',
  },
  {
    title: 'a generator that gives out first',
    options: { from: 1_000, to: 64_000 },
    outcomeAt: (rate) => (rate > 4_000 ? bound : sustained),
    result: {
      kind: 'generator-bound',
      atLevel: 8_000,
      reason: 'event loop 97 % busy',
      sustains: { level: 4_000, held: 1, tries: 1 },
    },
    text: 'sustains at least 4,000/s (1 of 1); the generator gave out at 8,000/s: event loop 97 % busy',
  },
  {
    title: 'a generator that gives out at once',
    options: { from: 1_000, to: 64_000 },
    outcomeAt: () => bound,
    result: { kind: 'generator-bound', atLevel: 1_000, reason: 'event loop 97 % busy' },
    text: 'the generator gave out at 1,000/s: event loop 97 % busy',
  },
  {
    title: 'a generator that gives out while confirming',
    options: { from: 100, to: 100 },
    outcomeAt: (_rate, tryNumber) => (tryNumber === 1 ? sustained : bound),
    result: { kind: 'generator-bound', atLevel: 100, sustains: { level: 100, held: 1, tries: 1 } },
    text: 'sustains at least 100/s (1 of 1); the generator gave out at 100/s: event loop 97 % busy',
  },
  {
    title: 'patience that ends early',
    options: { from: 100, to: 10_000, maxSteps: 6 },
    outcomeAt: below(900),
    result: {
      kind: 'stopped',
      reason: '6 steps were not enough',
      sustains: { level: 800, held: 1, tries: 1 },
      fails: { level: 1_600, held: 0, tries: 2 },
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
  const { rates, result } = searching({ from: 100, to: 400, confirmations: 0 }, (_rate, tryNumber) =>
    tryNumber === 2 ? broken : sustained,
  );
  expect(rates).toEqual([100, 200, 200, 400]);
  expect(result.kind).toBe('not-reached');
});

test('one hiccup of the generator is tried again', () => {
  const { result } = searching({ from: 100, to: 400 }, (_rate, tryNumber) =>
    tryNumber === 2 || tryNumber === 5 ? bound : sustained,
  );
  expect(result.kind).toBe('not-reached');
});

test('a rate that held once by luck is given up for one that confirms', () => {
  const options = { from: 100, to: 10_000, tolerance: 1.5 };
  const { rates, result } = searching(options, (rate, tryNumber) =>
    rate <= 760 || tryNumber === 4 ? sustained : broken,
  );
  expect(rates).toEqual([100, 200, 400, 800, 1_600, 1_600, 1_130, 1_130, 800, 800, 760, 760]);
  expect(result).toMatchObject({
    kind: 'found',
    sustains: { level: 760, held: 2, tries: 2 },
    fails: { level: 800, held: 1, tries: 3 },
  });
});

const silent: StepOutcome = { kind: 'broken', by: ['errors', 'backlog'], silent: true };

test('a server that dies is looked for once where it still answered, and then given up', () => {
  let isDead = false;
  const { rates, result } = searching({ from: 100, to: 1_600 }, (rate) => {
    isDead ||= rate > 500;
    return isDead ? silent : sustained;
  });
  expect(rates).toEqual([100, 200, 400, 800, 800, 100, 100]);
  expect(result).toEqual({
    kind: 'stopped',
    because: 'silence',
    reason: 'the server answers no more, not at 100/s either, since 800/s were asked of it',
    sustains: { level: 400, held: 1, tries: 1 },
    fails: { level: 800, held: 0, tries: 2 },
  });
});

test('a server that is silent only while too much is asked of it is searched on', () => {
  const { rates, result } = searching({ from: 100, to: 1_600, tolerance: 1.5 }, (rate) =>
    rate > 500 ? silent : sustained,
  );
  expect(rates).toEqual([100, 200, 400, 800, 800, 100, 566, 566, 100, 400, 400]);
  expect(result).toMatchObject({ kind: 'found', sustains: { level: 400 }, fails: { level: 566 } });
});

test('a server that never answered is looked for once more, at the least', () => {
  const { rates, result } = searching({ from: 100, to: 1_600 }, () => silent);
  expect(rates).toEqual([100, 100, 1, 1]);
  expect(result).toMatchObject({ kind: 'never-sustained', fails: { level: 1, held: 0, tries: 2 } });
});

test('a level that is asked for is decided about by itself', () => {
  const asked = (atLeast: number, limit: number) =>
    searching({ from: 100, to: 10_000, confirmations: 0, atLeast }, below(limit));
  expect(asked(880, 900).result).toMatchObject({ sustains: { level: 880 }, fails: { level: 911 } });
  expect(asked(905, 900).result).toMatchObject({ sustains: { level: 872 }, fails: { level: 905 } });
  expect(asked(700, 900).rates).toEqual(searching({ from: 100, to: 10_000, confirmations: 0 }, below(900)).rates);
});

test('a level that is asked for is decided about also where a higher one did not confirm', () => {
  let tries = 0;
  const { rates, result } = searching({ from: 100, to: 10_000, tolerance: 1.5, atLeast: 780 }, (rate) => {
    if (rate === 800) tries += 1;
    return rate <= 790 || (rate === 800 && tries === 1) ? sustained : broken;
  });
  expect(rates).toEqual([100, 200, 400, 800, 1_600, 1_600, 1_130, 1_130, 800, 800, 760, 760, 780, 780, 780]);
  expect(result).toMatchObject({ kind: 'found', sustains: { level: 780 }, fails: { level: 800 } });
});

test('what held below a level that did not confirm is known, however the search ends', () => {
  const options = { from: 100, to: 400, growth: 2 };
  const lost = (end: StepOutcome, more: Partial<Options> = {}) =>
    searching({ ...options, ...more }, (rate, tryNumber) =>
      rate < 400 ? (tryNumber > 3 ? end : sustained) : tryNumber === 3 ? sustained : broken,
    ).result;
  expect(lost(bound)).toMatchObject({ kind: 'generator-bound', sustains: { level: 200, held: 1, tries: 1 } });
  expect(lost(broken, { maxSteps: 6 })).toMatchObject({
    because: 'steps',
    sustains: { level: 200 },
    fails: { level: 400 },
  });
});

test('the first level is the one that was asked for, and none is above the highest', () => {
  const { rates } = searching({ from: 1_236, to: 1_236, confirmations: 1 }, () => sustained);
  expect(rates).toEqual([1_236, 1_236]);
});

test('users are whole numbers, down to one', () => {
  const few = searching({ of: 'users', from: 1, to: 64, confirmations: 0 }, below(5));
  expect(few.rates).toEqual([1, 2, 4, 8, 8, 6, 6, 5]);
  expect(describeBreakingPoint(few.result, 'users')).toBe(
    'sustains 5 users (1 of 1), fails 6 users (0 of 2), first by latency',
  );
  const none = searching({ of: 'users', from: 2, to: 64, confirmations: 0 }, below(0));
  expect(none.rates).toEqual([2, 2, 1, 1]);
  expect(describeBreakingPoint(none.result, 'users')).toBe('fails even 1 user (0 of 2), first by latency');
});

test('once done it takes no more reports, and stopping changes nothing', () => {
  const search = breakingPointSearch({ from: 1, to: 1, confirmations: 0 });
  search.report(sustained);
  search.stop('time is up');
  expect(search.next()).toMatchObject({ kind: 'done', result: { kind: 'not-reached' } });
  expect(() => search.report(sustained)).toThrow('the search is done: sustains 1.00/s (1 of 1)');
});

test('a first rate below one a second lowers the lowest rate with it', () => {
  const { result } = searching({ from: 0.5, to: 8, confirmations: 0 }, below(3));
  expect(result).toMatchObject({ kind: 'found', sustains: { level: 2.95 }, fails: { level: 3.08 } });
});

test('it describes itself', () => {
  expect(breakingPointSearch({ from: 100, to: 10_000 }).describe()).toBe(
    'from 100/s times 2 up to 10,000/s, narrowed to 5 %, confirmed 3 times',
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
    level: rate,
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
    const { rates, result } = searching({ from: 100, to: 20_000 }, (rate) => queueStep(rate, random));
    expect(result.kind).toBe('found');
    if (result.kind !== 'found') continue;
    expect(result.sustains.level / truth).toBeGreaterThan(0.88);
    expect(result.sustains.level / truth).toBeLessThan(1.06);
    expect(rates.length).toBeLessThan(30);
  }
});

const wrong: { options: Partial<BreakingPointOptions>; problem: string }[] = [
  { options: { from: 0 }, problem: '`from` must be above 0, got 0' },
  { options: { to: 50 }, problem: '`to` must be at least `from`, got 50' },
  { options: { growth: 1 }, problem: '`growth` must be at least 1.05, got 1' },
  { options: { tolerance: NaN }, problem: '`tolerance` must be at least 1.01, got NaN' },
  { options: { confirmations: 1.5 }, problem: '`confirmations` must be a whole number from 0, got 1.5' },
  { options: { retreat: 1 }, problem: '`retreat` must be above 0 and at most 0.99, got 1' },
  { options: { maxSteps: 0 }, problem: '`maxSteps` must be a whole number above 0, got 0' },
];
for (const { options, problem } of wrong) {
  test(`says: ${problem}`, () => {
    expect(() => breakingPointSearch({ from: 100, to: 1_000, ...options })).toThrow(problem);
  });
}

test('lists all problems at once', () => {
  expect(() => breakingPointSearch({ from: 100, to: 10, growth: 0 })).toThrow('2 problems');
});
