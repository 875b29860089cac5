import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { OptionsError } from '../options-error.ts';
import { iterations, rounds } from '../profile/iterations.ts';
import { users } from '../profile/users.ts';
import { type ComparisonQuestion, readComparison } from './comparison-question.ts';

const [a, b] = ['http://127.0.0.1:8002', 'http://127.0.0.1:8003'];
const asked = { a, b, rate: '100/s' } as const;

test('what is not said has its default', () => {
  const { profile, ...read } = readComparison(asked);
  expect(profile.describe()).toBe('100/s for 3s');
  expect(read).toEqual({
    a: { side: 'a', name: 'a', baseURL: a, origin: a },
    b: { side: 'b', name: 'b', baseURL: b, origin: b },
    isSameServer: false,
    pairs: 10,
    options: {
      tolerances: [
        { metric: 'p50', tolerance: 0.1 },
        { metric: 'p95', tolerance: 0.2 },
      ],
      lost: 0.01,
      floor: '0.5ms',
      confidence: 0.975,
    },
    failOnInconclusive: false,
    name: undefined,
  });
});

const read: readonly { readonly question: ComparisonQuestion; readonly expected: Record<string, unknown> }[] = [
  { question: { ...asked, b: `${a}/` }, expected: { isSameServer: true } },
  { question: { ...asked, block: '2s' }, expected: { profile: expect.objectContaining({ durationMs: 2_000 }) } },
  {
    question: { a, b, profile: users(2).for('1s') },
    expected: { profile: expect.objectContaining({ model: 'closed' }) },
  },
  {
    question: { ...asked, a: { baseURL: `${a}/api/`, name: 'main' } },
    expected: { a: { side: 'a', name: 'main', baseURL: `${a}/api/`, origin: a } },
  },
  {
    question: { ...asked, tolerance: '5%', floor: '0ms', failOnInconclusive: true, pairs: 7 },
    expected: {
      pairs: 7,
      failOnInconclusive: true,
      options: {
        tolerances: [
          { metric: 'p50', tolerance: 0.05 },
          { metric: 'p95', tolerance: 0.05 },
        ],
        lost: 0.01,
        floor: '0ms',
        confidence: 0.975,
      },
    },
  },
  {
    question: { ...asked, metrics: ['p99', 'mean'], tolerance: { p99: '50%', errors: '0%' } },
    expected: {
      options: {
        tolerances: [
          { metric: 'p99', tolerance: 0.5 },
          { metric: 'mean', tolerance: 0.1 },
        ],
        lost: 0,
        floor: '0.5ms',
        confidence: 0.975,
      },
    },
  },
];
for (const { question, expected } of read) {
  test(`read: ${JSON.stringify(question)}`, () => {
    expect(readComparison(question)).toMatchObject(expected);
  });
}

const wrong: readonly { readonly question: object; readonly problems: readonly string[] }[] = [
  {
    question: { a: '127.0.0.1:8002', b: 'ftp://127.0.0.1/', rate: '100/s' },
    problems: [
      '`a` is the address of a server such as "http://127.0.0.1:8002", or `{ baseURL, name }`, got "127.0.0.1:8002"',
      '`b` is the address of a server such as "http://127.0.0.1:8002", or `{ baseURL, name }`, got "ftp://127.0.0.1/"',
    ],
  },
  {
    question: { rate: '100/s' },
    problems: [
      '`a` is the address of a server such as "http://127.0.0.1:8002", or `{ baseURL, name }`, got undefined',
      '`b` is the address of a server such as "http://127.0.0.1:8002", or `{ baseURL, name }`, got undefined',
    ],
  },
  {
    question: { a: { baseURL: a, name: ' ' }, b: { baseURL: b, name: 'new' }, rate: '100/s' },
    problems: ['`a.name` must be some words, got " "'],
  },
  {
    question: { a: { baseURL: a, name: 'new' }, b: { baseURL: b, name: 'new' }, rate: '100/s' },
    problems: ['`a` and `b` need names of their own, got "new" twice'],
  },
  { question: { ...asked, pairs: 5 }, problems: ['`pairs` must be a whole number of at least 7, got 5'] },
  { question: { ...asked, pairs: 1_000 }, problems: ['`pairs` must be at most 100, got 1000'] },
  { question: { ...asked, pairs: 7.5 }, problems: ['`pairs` must be a whole number of at least 7, got 7.5'] },
  {
    question: { a, b },
    problems: ['say the load of a block: `rate`, such as "100/s", or `profile`, such as `users(10).for("3s")`'],
  },
  {
    question: { a, b, rate: 100, block: '3' },
    problems: [
      '`block` must be a duration such as `300ms`, `30s` or `5m`, got "3"',
      '`rate` must be a rate such as `500/s` or `30/m`, got 100',
    ],
  },
  { question: { ...asked, block: '500ms' }, problems: ['`block` must be at least 1s, got "500ms"'] },
  {
    question: { ...asked, profile: users(2).for('3s') },
    problems: ['`profile` is the load of a block as a whole: `rate` and `block` have no place beside it'],
  },
  {
    question: { a, b, profile: iterations(100, { users: 2 }) },
    problems: [
      '`100 iterations by 2 users` only counts, and does not say how long a block is: say it by time, such as `users(10).for("3s")`',
    ],
  },
  {
    question: { a, b, profile: rounds({ atLeast: 10, time: '1s' }) },
    problems: [
      '`at least 10 rounds and 1s` only counts, and does not say how long a block is: say it by time, such as `users(10).for("3s")`',
    ],
  },
  {
    question: { a, b, profile: users(2).for('100ms') },
    problems: ['a block must be at least 1s, got `2 users for 100ms`'],
  },
  {
    question: { a, b, profile: '100/s' },
    problems: ['`profile` must be one such as `users(10).for("3s")`, got "100/s"'],
  },
  { question: { ...asked, metrics: [] }, problems: ['`metrics` are some of mean, p50, p95, p99, each once, got []'] },
  {
    question: { ...asked, metrics: ['p50', 'p90'] },
    problems: ['`metrics` are some of mean, p50, p95, p99, each once, got ["p50","p90"]'],
  },
  { question: { ...asked, tolerance: 0.1 }, problems: ['`tolerance` is a share such as `10%`, got 0.1'] },
  {
    question: { ...asked, tolerance: { p99: '30%', p50: '1' } },
    problems: [
      '`tolerance` speaks of "p99", which is not compared: that are errors, p50, p95',
      '`tolerance` is a share such as `10%`, got "1"',
    ],
  },
  { question: { ...asked, tolerance: null }, problems: ['`tolerance` is a share such as `10%`, got null'] },
  { question: { ...asked, floor: 1 }, problems: ['`floor` must be a duration such as `300ms`, `30s` or `5m`, got 1'] },
  {
    question: { ...asked, failOnInconclusive: 'yes' },
    problems: ['`failOnInconclusive` must be true or false, got "yes"'],
  },
  {
    question: { ...asked, noise: 1 },
    problems: [
      '`noise` is no option of `load.compare`; known are a, b, pairs, metrics, tolerance, floor, failOnInconclusive, name, rate, block, profile',
    ],
  },
];
for (const { question, problems } of wrong) {
  test(`refused: ${problems.join('; ')}`, () => {
    expect(() => readComparison(question as ComparisonQuestion)).toThrow(new OptionsError(problems));
  });
}
