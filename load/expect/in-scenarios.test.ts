import { stripVTControlCharacters } from 'node:util';
import { expect as playwrights } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { show } from '../measure/units.ts';
import { inScenario, type ScenarioLife } from '../run/scenario-zone.ts';
import { decided, decidedAlone } from './decided.ts';
import { leaveStepsUnreported } from '../session/unreported-steps.ts';
import { quickInScenarios } from './in-scenarios.ts';

const nobody: ScenarioLife = { beginPart: () => () => undefined, failSoftly: () => undefined };
type AnyExpect = (
  actual: unknown,
  message?: string,
) => Record<string, (...args: readonly unknown[]) => unknown> & {
  readonly not: Record<string, (...args: readonly unknown[]) => unknown>;
};

const made: { count: number } = { count: 0 };
/** Counts how often Playwright's own is asked. */
const counting = new Proxy(playwrights, {
  apply: (target, self, args): unknown => {
    made.count += 1;
    return Reflect.apply(target, self, args) as unknown;
  },
});
const ours = quickInScenarios(counting, (target, actual, message) => target(actual, message));

/** The first line of its failure, or `passes`. */
async function outcomeOf(assert: () => unknown): Promise<string> {
  try {
    const answer = await assert();
    return answer === undefined ? 'passes' : `answers ${typeof answer}`;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${stripVTControlCharacters(error.message)}` : String(error);
  }
}

async function both(name: string, { actual, args, isNot }: Row): Promise<readonly [string, string]> {
  const call = (by: AnyExpect) => {
    const matchers = by(actual, 'a message');
    return (isNot ? matchers.not : matchers)[name]?.(...args);
  };
  return [
    await outcomeOf(() => inScenario(nobody, call, playwrights as unknown as AnyExpect)),
    await outcomeOf(() => inScenario(nobody, call, ours as unknown as AnyExpect)),
  ];
}

interface Row {
  readonly actual: unknown;
  readonly args: readonly unknown[];
  readonly isNot: boolean;
}

/** Of each kind that a matcher may be handed, or refuses. */
const values: readonly unknown[] = [
  ...[undefined, null, true, 0, -0, 1, 2.5, Number.NaN, 3n, '', 'abc', 'length'],
  ...[[], [1, Number.NaN, 'abc'], { abc: 1 }, { a: { b: [1] } }, Object, new Error('abc'), /abc/g],
  ...[new Array(1), playwrights.any(String), playwrights.anything(), playwrights.objectContaining({ abc: 1 })],
];

/** Every value by itself, against every other, and with one thing too many; both signs. */
const rows: readonly Row[] = values
  .flatMap((actual) => [[], ...values.map((expected) => [expected]), ['abc', 1]].map((args) => ({ actual, args })))
  .flatMap((row) => [
    { ...row, isNot: false },
    { ...row, isNot: true },
  ]);

const locatorOnly =
  /^(toHave(?!Length|Property)|toBe(Attached|Checked|Disabled|Editable|Empty|Enabled|Focused|Hidden|InViewport|Visible)|toContain(Text|Class)|toMatch(Snapshot|AriaSnapshot)|toPass)/;
const names = Object.keys(playwrights(1)).filter(
  (name) => !['not', 'resolves', 'rejects'].includes(name) && !locatorOnly.test(name),
);

test(`all of Playwright's matchers that need no page are compared: ${names.length}`, () => {
  playwrights(names).toEqual(playwrights.arrayContaining([...Object.keys(decided), ...Object.keys(decidedAlone)]));
  playwrights(names).toEqual(playwrights.arrayContaining(['toBeOK', 'toThrow', 'toBeCloseTo', 'toBeInstanceOf']));
});

for (const name of names)
  test(`\`${name}\` says in a scenario what it says outside`, async () => {
    const steps = leaveStepsUnreported(test.info()); // thousands of them
    try {
      for (const row of rows) {
        const [outside, inside] = await both(name, row);
        if (inside !== outside) throw new Error(`${show(row.actual)}: ${inside}, and outside ${outside}`);
      }
    } finally {
      steps?.end();
    }
  });

const glances: readonly (readonly [name: string, actual: unknown, args: readonly unknown[], isNot?: true])[] = [
  ['toBe', 1, [1]],
  ['toBe', 1, [2], true],
  ['toEqual', { id: [1, 'a'] }, [{ id: [1, 'a'] }]],
  ['toStrictEqual', [{}], [[{}]]],
  ['toMatchObject', { id: 7, name: 'a' }, [{ id: playwrights.any(Number) }]],
  ['toBeTruthy', 'a', []],
  ['toBeNull', 1, [], true],
  ['toContain', ['a'], ['a']],
  ['toContain', 'abc', ['b']],
  ['toContainEqual', [{ id: 1 }], [{ id: 1 }]],
  ['toHaveLength', [1], [1]],
  ['toHaveProperty', { id: 1 }, ['id']],
  ['toMatch', 'abc', [/b/]],
  ['toBeLessThan', 1, [2]],
];
for (const [name, actual, args, isNot = false] of glances)
  test(`Playwright's own is not asked whether ${JSON.stringify(actual)} is ${isNot ? 'not ' : ''}${name}(${JSON.stringify(args)})`, async () => {
    const before = made.count;
    const [, inside] = await both(name, { actual, args, isNot });
    playwrights(inside).toBe('passes');
    playwrights(made.count).toBe(before);
  });
