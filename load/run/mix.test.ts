import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { inTurns, mix, spread, tasksOf } from './mix.ts';
import type { Scenario, ScenarioContext } from './scenario.ts';

const orders = [
  { weights: [1], order: [0] },
  { weights: [1, 1], order: [0, 1] },
  { weights: [10, 5, 5], order: [0, 1, 2, 0] }, // in lowest terms
  { weights: [5, 1, 1], order: [0, 0, 1, 0, 2, 0, 0] }, // nginx's own example
  { weights: [10, 5, 5, 2], order: [0, 1, 2, 0, 3, 0, 1, 2, 0, 0, 1, 2, 0, 0, 1, 2, 0, 3, 0, 1, 2, 0] },
];
for (const { weights, order } of orders) {
  test(`weights ${weights.join(', ')} take turns ${order.join('')}`, () => expect(spread(weights)).toEqual(order));
}

test('every window of a mix is close to its proportions', () => {
  const order = spread([10, 5, 5, 2]);
  const long = [...order, ...order];
  for (let from = 0; from < order.length; from++) {
    const window = long.slice(from, from + 11);
    expect(window.filter((task) => task === 0).length).toBeGreaterThanOrEqual(4);
    expect(window.filter((task) => task === 3).length).toBeLessThanOrEqual(2);
  }
});

const wrong = [
  { say: 'no task', tasks: [], problems: ['`mix` needs at least one task such as `[10, health]`'] },
  {
    say: 'weights that are none',
    tasks: [0, 1, NaN, 0.5, -1],
    problems: ['0', 'NaN', '0.5', '-1'].map(
      (got, at) => `weight ${[1, 3, 4, 5][at] ?? 0} of \`mix\` must be a whole number of at least 1, got ${got}`,
    ),
  },
];
for (const { say, tasks, problems } of wrong) {
  test(`refuses ${say}`, () => {
    expect(() => mix(tasks.map((weight) => [weight, () => undefined] as const))).toThrow(
      expect.objectContaining({ name: 'OptionsError', problems }),
    );
  });
}

test('refuses what is no task', () => {
  const notATask = Promise.resolve() as unknown as () => void;
  expect(() => mix([[1, () => undefined] as const, [2, notATask] as const])).toThrow(
    expect.objectContaining({ name: 'OptionsError', problems: ['task 2 of `mix` must be a function, got {}'] }),
  );
});

test('the tasks of a mix are told with those of a mix within it, and any other scenario is one task', () => {
  const [a, b, c] = [() => 'a', () => 'b', () => 'c'];
  const all = mix([
    [9, a],
    [
      1,
      mix([
        [1, b],
        [5, c],
      ]),
    ],
  ]);
  expect(tasksOf(all as Scenario<unknown>)).toEqual([a, b, c]);
  expect(tasksOf(a)).toEqual([a]);
  const inOrder = inTurns([a, b, c]);
  const turns = [1, 2, 3, 4].map((turn) => inOrder({ turn } as ScenarioContext<unknown>));
  expect(turns).toEqual(['a', 'b', 'c', 'a']);
});
