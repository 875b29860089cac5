import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { users } from '../profile/users.ts';
import { liveThrough } from '../../testing/virtual-run.ts';
import type { ScenarioContext } from './scenario.ts';

/** As JavaScript calls them: with anything. */
type Loose = Record<'check' | 'group', (...given: unknown[]) => unknown> & {
  readonly metrics: Record<string, (...given: unknown[]) => unknown>;
};

const response = { ok: () => true, then: undefined };
const circular: Record<string, unknown> = {};
circular['itself'] = circular;

const refused: readonly {
  readonly name: string;
  readonly call: (scope: Loose) => unknown;
  readonly says: readonly string[];
}[] = [
  {
    name: 'a check of a method without its parentheses',
    call: ({ check }) => check('ok', response.ok),
    says: ['`check` of "ok"', 'the function `ok`', 'were the parentheses forgotten'],
  },
  {
    name: 'a check of a function without a name',
    call: ({ check }) =>
      check(
        'ok',
        (
          () => () =>
            true
        )(),
      ),
    says: ['got a function', 'were the parentheses forgotten'],
  },
  {
    name: 'a check of a promise',
    call: ({ check }) => check('ok', Promise.resolve(false)),
    says: ['got a promise', 'was an `await` forgotten?'],
  },
  { name: 'a check of a number', call: ({ check }) => check('ok', 0), says: ['takes `true` or `false`, got 0'] },
  { name: 'a check of a text', call: ({ check }) => check('ok', 'false'), says: ['got "false"'] },
  { name: 'a check of nothing', call: ({ check }) => check('ok'), says: ['got undefined'] },
  { name: 'a check of null', call: ({ check }) => check('ok', null), says: ['got null'] },
  { name: 'a check of what runs in circles', call: ({ check }) => check('ok', circular), says: ['got an object'] },
  {
    name: "k6's check",
    call: ({ check }) => check(response, { 'is ok': () => true }),
    says: ['takes a name first', "`check('is a list', Array.isArray(list))`", 'for each condition of a k6 check'],
  },
  { name: 'a check without a name', call: ({ check }) => check(true), says: ['takes a name first', 'got true'] },
  { name: 'a check with an empty name', call: ({ check }) => check(' ', true), says: ['takes a name first'] },
  {
    name: 'a group of a promise',
    call: ({ group }) => group('checkout', Promise.resolve()),
    says: ['`group` of "checkout" takes the function to time', 'got a promise'],
  },
  { name: 'a group without a name', call: ({ group }) => group(() => 1), says: ["`group('checkout', async () => …)`"] },
  {
    name: 'a rate of a promise',
    call: ({ metrics }) => metrics['rate']?.('cached', Promise.resolve(false)),
    says: ['`metrics.rate` of "cached"', 'was an `await` forgotten?'],
  },
  {
    name: 'a rate of a number',
    call: ({ metrics }) => metrics['rate']?.('cached', 1),
    says: ['takes `true` or `false`, got 1'],
  },
  ...['counter', 'gauge', 'trend'].flatMap((kind) => [
    ...[Number.NaN, Infinity, '3', null, true].map((value) => ({
      name: `a ${kind} of ${typeof value === 'string' ? `"${value}"` : String(value)}`,
      call: ({ metrics }: Loose) => metrics[kind]?.('size', value),
      says: [`\`metrics.${kind}\` of "size" takes a finite number, got `],
    })),
    {
      name: `a ${kind} of a method without its parentheses`,
      call: ({ metrics }: Loose) => metrics[kind]?.('size', response.ok),
      says: ['were the parentheses forgotten'],
    },
    {
      name: `a ${kind} without a name`,
      call: ({ metrics }: Loose) => metrics[kind]?.(undefined, 3),
      says: [`\`metrics.${kind}('cart size', 3)\``],
    },
  ]),
];

for (const { name, call, says } of refused) {
  test(`${name} fails its iteration, in words`, async () => {
    const { data } = await liveThrough(users(1).iterations(2), async (scope: ScenarioContext<unknown>) => {
      await scope.request.get('/');
      await call(scope as unknown as Loose);
    });
    expect(data.iterations).toMatchObject({ started: 2, failed: 2 });
    expect(data.exceptions).toBe(2);
    expect([data.checks.size, data.groups.size, data.metrics.entries().length]).toEqual([0, 0, 0]);
    const [group] = data.errors.values();
    for (const words of ['OptionsError: ', ...says]) expect(group?.sample).toContain(words);
  });
}

test('a scenario that catches what it was refused has failed all the same', async () => {
  const { data } = await liveThrough(users(1).iterations(2), async ({ request, check, iteration }) => {
    await request.get('/');
    try {
      if (iteration === 1) check('ok', Promise.resolve(true) as unknown as boolean);
    } catch {
      // a scenario that hides its errors
    }
  });
  expect(data.iterations).toMatchObject({ started: 2, failed: 1 });
  expect([...data.errors.values()].map(({ sample }) => sample)).toEqual([
    'OptionsError: `check` of "ok" takes `true` or `false`, got a promise: was an `await` forgotten?',
  ]);
});

test('what is right is taken, and the answer handed back', async () => {
  const answers: unknown[] = [];
  const { data } = await liveThrough(users(1).iterations(1), async ({ request, check, group, metrics }) => {
    await request.get('/');
    answers.push(check('holds', true), check('does not', false), await group('part', async () => 7));
    metrics.counter('hits');
    metrics.counter('hits', 0);
    metrics.gauge('depth', -2.5);
    metrics.rate('cached', false);
    metrics.trend('size', 0);
  });
  expect(answers).toEqual([true, false, 7]);
  expect(data.exceptions).toBe(0);
  expect(data.metrics.entries().map(([name]) => name)).toEqual(['hits', 'depth', 'cached', 'size']);
});
